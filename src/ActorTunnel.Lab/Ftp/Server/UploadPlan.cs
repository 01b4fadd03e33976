using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>
/// STOR, STOU and APPE. The end of the data connection is the end of the file only while the control connection lives: a client that dies
/// closes both, and its file is not complete.
/// </summary>
internal sealed class UploadPlan(
    string verb, string path, IFtpUpload upload, FtpServerOptions options, Func<bool> controlIsAlive) : TransferPlan(verb, path)
{
    public override async Task<bool> RunAsync(DataSocket data, CancellationToken cancellationToken)
    {
        await data.ReceiveAsync(WriteAsync, cancellationToken);

        // A session whose control connection ends aborts its transfer, which cuts the delay short.
        await Task.Delay(options.UploadGrace, options.Time, cancellationToken);
        if (!controlIsAlive())
            return false;
        await upload.CompleteAsync();
        return true;
    }

    public override ValueTask DisposeAsync() => upload.DisposeAsync();

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        await upload.WriteAsync(block, cancellationToken);
        Length += block.Length;
    }
}
