namespace ActorTunnel.Engine.Diagnostics;

/// <summary>Something the user asked for cannot be done. The message is one line that says what to do.</summary>
public sealed class TunnelException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TunnelException(Failure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>What went wrong.</summary>
    public Failure Failure { get; }

    /// <summary>Not even a TCP connection was made.</summary>
    internal bool IsWithoutConnection { get; init; }
}
