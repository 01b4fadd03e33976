using System.Net;

namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>
/// One transfer, from the preliminary reply to the final one: makes the data connection, moves the bytes, tells how it ended. Runs beside
/// the session's loop, which goes on reading commands.
/// </summary>
internal sealed class FtpTransfer : IAsyncDisposable
{
    private readonly TransferPlan _plan;
    private readonly FtpServerOptions _options;
    private readonly IFtpServerEvents _events;
    private readonly CancellationTokenSource _abort = new();

    public FtpTransfer(TransferPlan plan, DataPort port, FtpServerOptions options, IFtpServerEvents events)
    {
        _plan = plan;
        _options = options;
        _events = events;
        FinalReply = RunAsync(port);
    }

    /// <summary>The final reply; the task never fails.</summary>
    public Task<string> FinalReply { get; }

    /// <summary>Resets the data connection unless the transfer is over. The final reply is 426 then.</summary>
    public void Abort() => _abort.Cancel();

    public async ValueTask DisposeAsync()
    {
        Abort();
        await FinalReply;
        _abort.Dispose();
    }

    private async Task<string> RunAsync(DataPort port)
    {
        IPEndPoint? peer = null;
        var completed = false;
        try
        {
            using var data = await port.OpenAsync(_options.DataTimeout, _options.Time, _abort.Token);
            peer = data.Peer;
            _events.DataConnected(peer);
            completed = await _plan.RunAsync(data, _abort.Token);
            return completed ? "226 Transfer complete." : "426 The control connection is lost, so the file may be cut short.";
        }
        catch (OperationCanceledException)
        {
            return "426 Transfer aborted.";
        }
        catch (DataConnectionException e)
        {
            return (peer is null ? "425 " : "426 ") + e.Message;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "451 The storage failed.";
        }
        finally
        {
            port.Dispose();
            await _plan.DisposeAsync();
            _events.TransferEnded(new FtpTransferRecord(_plan.Verb, _plan.Path, _plan.Length, completed, peer));
        }
    }
}
