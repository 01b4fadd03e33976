namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>What a transfer will move, ready before the data connection is: a file that cannot be opened is 550, not 150.</summary>
internal abstract class TransferPlan(string verb, string path) : IAsyncDisposable
{
    public string Verb { get; } = verb;

    public string Path { get; } = path;

    /// <summary>Bytes moved, known when the transfer is over.</summary>
    public long Length { get; protected set; }

    /// <summary>Moves the bytes. False when they all came but nobody can say that the file ends there.</summary>
    public abstract Task<bool> RunAsync(DataSocket data, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
