using ActorTunnel.Lab.Ftp.Server.Commands;

namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>
/// One control connection: reads commands, answers them in order. While a transfer runs, ABOR and STAT are answered at once (RFC 959
/// section 4.1.3) and everything else waits for the transfer's final reply. Only this loop writes to the control connection.
/// </summary>
internal sealed class FtpSession(ControlConnection control, FtpServerOptions options, IFtpServerEvents events) : IAsyncDisposable
{
    /// <summary>Commands that may wait for the end of a transfer; beyond it nothing is read until then.</summary>
    public const int MaxWaiting = 64;

    /// <summary>After so many wrong passwords the client has to connect anew.</summary>
    public const int MaxFailedLogins = 5;

    private readonly FtpSessionState _state = new(options, control.Local.Address, control.Remote.Address);
    private readonly Queue<ClientCommand> _waiting = new();
    private readonly CancellationTokenSource _leaving = new();
    private Task<ClientCommand?>? _reading;
    private FtpTransfer? _transfer;

    // After QUIT a client may close its side at once and still wants its transfer finished (RFC 959 section 4.1.1). Read by the transfer.
    private volatile bool _quitting;

    /// <summary>Serves the client until it quits, is lost, is silent for too long, or the server stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await ReplyAsync("220 ActorTunnel lab FTP server.", stop);
            while (await NextCommandAsync(stop) is { } command)
            {
                if (command.Verb == "QUIT")
                {
                    await ReplyAsync("221 Goodbye.", stop);
                    return;
                }

                await ExecuteAsync(command, stop);
                if (_state.FailedLogins >= MaxFailedLogins)
                {
                    await ReplyAsync("421 Too many wrong passwords.", stop);
                    return;
                }
            }
        }
        catch (TimeoutException)
        {
            await ReplyAsync("421 Silent for too long.", stop);
        }
        catch (InvalidDataException e)
        {
            await ReplyAsync("421 " + e.Message, stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First the data connection: a client must not see its control connection closed in order beside a file that is not whole.
        if (_transfer is not null)
            await _transfer.DisposeAsync();
        _state.Dispose();

        // A socket that is closed while it reads is reset on Linux, and the client would never hear the last reply.
        await _leaving.CancelAsync();
        if (_reading is not null)
            await Task.WhenAny(_reading);
        _leaving.Dispose();
    }

    private async Task ExecuteAsync(ClientCommand command, CancellationToken stop)
    {
        switch (command.Verb)
        {
            case "ABOR":
                await AbortAsync(stop);
                break;
            case "STAT" when _transfer is not null:
                await ReplyAsync("211 A transfer is in progress.", stop);
                break;
            case var verb when TransferCommands.IsTransfer(verb):
                await StartTransferAsync(command, stop);
                break;
            default:
                await ReplyAsync(CommandTable.Execute(_state, command), stop);
                break;
        }
    }

    private async Task StartTransferAsync(ClientCommand command, CancellationToken stop)
    {
        // The transfer may start before its 150 is written: its final reply is written here too, so it comes after.
        if (TransferCommands.Prepare(_state, command, ControlIsAlive, out var reply) is { } plan)
            _transfer = new FtpTransfer(plan, _state.TakeDataPort()!, options, events);
        await ReplyAsync(reply, stop);
    }

    /// <summary>RFC 959 section 4.1.3: the transfer's own final reply first, then the one to ABOR.</summary>
    private async Task AbortAsync(CancellationToken stop)
    {
        if (_transfer is not null)
        {
            _transfer.Abort();
            await EndTransferAsync(stop);
        }

        _state.SetDataPort(null);
        await ReplyAsync("226 Nothing is being transferred any more.", stop);
    }

    private async Task EndTransferAsync(CancellationToken stop)
    {
        await ReplyAsync(await _transfer!.FinalReply, stop);
        await _transfer.DisposeAsync();
        _transfer = null;
    }

    /// <summary>The next command whose turn it is; null when the client is gone.</summary>
    private async Task<ClientCommand?> NextCommandAsync(CancellationToken stop)
    {
        while (true)
        {
            if (_transfer is null)
            {
                if (_waiting.TryDequeue(out var waiting))
                    return waiting;
                return await TakeReadAsync(_state.Options.IdleTimeout, stop);
            }

            Task[] next = _waiting.Count < MaxWaiting && !_quitting ? [_transfer.FinalReply, Reading()] : [_transfer.FinalReply];
            await Task.WhenAny(next).WaitAsync(stop);

            if (_transfer.FinalReply.IsCompleted)
                await EndTransferAsync(stop);
            else if (await TakeReadAsync(Timeout.InfiniteTimeSpan, stop) is not { } command)
                return null;
            else if (command.Verb is "ABOR" or "STAT")
                return command;
            else
                Wait(command);
        }
    }

    private void Wait(ClientCommand command)
    {
        _waiting.Enqueue(command);
        _quitting |= command.Verb == "QUIT";
    }

    private bool ControlIsAlive() => _quitting || !control.PeerHasClosed;

    private Task<ClientCommand?> Reading() => _reading ??= ReadCommandAsync();

    private async Task<ClientCommand?> ReadCommandAsync() =>
        await control.ReadLineAsync(_leaving.Token) is { } line ? ClientCommand.Parse(line) : null;

    private async Task<ClientCommand?> TakeReadAsync(TimeSpan timeout, CancellationToken stop)
    {
        var command = await Reading().WaitAsync(timeout, options.Time, stop);
        _reading = null;
        return command;
    }

    private Task ReplyAsync(string reply, CancellationToken stop) => control.WriteLineAsync(reply, options.IdleTimeout, options.Time, stop);
}
