namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>RETR and the listings.</summary>
internal sealed class DownloadPlan(string verb, string path, Stream source) : TransferPlan(verb, path)
{
    public override async Task<bool> RunAsync(DataSocket data, CancellationToken cancellationToken)
    {
        await data.SendAsync(source, Count, cancellationToken);
        await data.WaitForCloseAsync(cancellationToken);
        return true;
    }

    public override ValueTask DisposeAsync() => source.DisposeAsync();

    private ValueTask Count(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        Length += block.Length;
        return ValueTask.CompletedTask;
    }
}
