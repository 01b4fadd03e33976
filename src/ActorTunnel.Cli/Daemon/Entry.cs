namespace ActorTunnel.Cli.Daemon;

/// <summary>Something that is open as long as the configuration says so: a listener, a tunnel, an SSH connection.</summary>
/// <param name="Name">No other has it.</param>
/// <param name="Place">What of the configuration file says where it is, for whoever has to change that.</param>
/// <param name="Stamp">With the same stamp it is the same, and stays untouched.</param>
/// <param name="OpenAsync">Opens it and returns the lines that say where it is.</param>
/// <param name="CloseAsync">Closes it. Also called for one that is still being opened, and then for nothing.</param>
internal sealed record Entry(
    string Name,
    string Place,
    EntryStamp Stamp,
    Func<CancellationToken, Task<IReadOnlyList<string>>> OpenAsync,
    Func<Task> CloseAsync)
{
    /// <summary>
    /// It needs an SSH server, which may be away: it is tried again and again, and nothing waits for it.
    /// </summary>
    public bool NeedsServer { get; init; }
}

/// <param name="Text">What the configuration says about it, and keyed hashes of the files it is made from.</param>
/// <param name="Profile">The profile it uses, which is the same object as long as nothing of it changes; null: none.</param>
internal sealed record EntryStamp(string Text, object? Profile = null);
