namespace ActorTunnel.Engine.Diagnostics;

/// <summary>One place that audit lines are written to, and how many it has lost. Used by the writer alone, but for <see cref="Reopen"/>.</summary>
internal abstract class AuditTarget(string name) : IDisposable
{
    public string Name => name;

    /// <summary>Lines that could not be written, and have not been told of.</summary>
    public long Lost { get; set; }

    /// <summary>The last attempt failed, and the log knows.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Whole lines.</summary>
    public abstract void Write(ReadOnlySpan<byte> lines);

    /// <summary>From any thread: what is open is another file than its name says.</summary>
    public virtual void Reopen()
    {
    }

    public virtual void OpenIfDue()
    {
    }

    /// <summary>It cannot be relied on any more.</summary>
    public virtual void Close()
    {
    }

    public void Dispose() => Close();
}
