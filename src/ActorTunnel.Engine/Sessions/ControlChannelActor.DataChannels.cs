using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>The data channels: one child for each PASV, EPSV, PORT or EPRT, the last of them counts.</content>
internal sealed partial class ControlChannelActor
{
    // RFC 959, section 4.2.2.
    private const int CannotOpenData = 425;
    private const int DataAborted = 426;

    /// <summary>For a server that has just answered a transfer to answer NOOP.</summary>
    private static readonly TimeSpan _separationPatience = TimeSpan.FromSeconds(30);

    private IActorRef? _data;
    private int _dataCount;

    // It has carried a transfer and waits for the next.
    private bool _dataStaysOpen;

    // Why there is no data channel although one was set up.
    private DataUnavailable? _unavailable;

    // The server has been sent ABOR for the transfer in progress, by the client or by us.
    private bool _abortSent;

    // While the server has not come so far that all it says about ABOR has been said.
    private Separation? _separation;

    // Of the transfer that has just ended: it closes what it has when the client has the reply.
    private IActorRef? _over;

    private SessionListener? _listener;

    private void ReceiveFromDataChannels()
    {
        Receive<DataReady>(ready => IfCurrent(() => Announce(ready.EndPoint)));
        Receive<ListenerRefused>(refused => IfCurrent(() => NoListener(refused)));
        Receive<DataUnavailable>(gone => IfCurrent(() => Unavailable(gone)));
        Receive<AbortTransfer>(_ => IfCurrent(AbortTransferOnServer));
        Receive<DataDone>(done => IfCurrent(() => TransferDone(done)));
        Receive<SeparationLate>(late =>
        {
            if (ReferenceEquals(late.Separation, _separation))
                SayFarewell(FtpReplies.ServerGivenUp, Failure.Timeout, "the server does not answer after ABOR");
        });
        Receive<Terminated>(gone =>
        {
            if (gone.ActorRef.Equals(_data))
                DataChannelFailed();
        });
    }

    /// <summary>A data channel that has been replaced has nothing more to say.</summary>
    private void IfCurrent(Action act)
    {
        if (Sender.Equals(_data))
            act();
    }

    private DataChannelContext DataContext(string mode) => new()
    {
        Mode = mode,
        SessionId = _id,
        Transport = _transport!,
        Listener = _listener!,
        Tunnels = _tunnels,
        ServerControl = _serverControl!,
        Route = _route,
        Audit = _audit,
        Meter = _meter,
        Services = _services,
        Logger = _logger,
    };

    private void SpawnDataChannel(Props props)
    {
        _unavailable = null;
        _dataStaysOpen = false;
        _data = Context.Watch(Context.ActorOf(props, $"data-{++_dataCount}"));
    }

    private void DropDataChannel()
    {
        if (_data is not null)
            Context.Stop(_data);
        _data = null;
        _dataStaysOpen = false;
        _unavailable = null;
    }

    private void Unavailable(DataUnavailable gone)
    {
        if (_commands.Transfer is not null && !_dataStaysOpen)
            return; // The transfer command has crossed this news; DataDone will settle it.
        DropDataChannel();
        _unavailable = gone;
        SetUpFailed(gone);
    }

    private void AbortTransferOnServer()
    {
        if (_abortSent || _held is not null)
            return; // Or the transfer is over for the server: its answer to ABOR might be taken for the next command's.
        _abortSent = true;
        var abort = FtpCommand.Create("ABOR");
        SendToServer(abort.Line);
        _commands.Inject(abort);
    }

    private void TransferDone(DataDone done)
    {
        _dataStaysOpen = done.StaysOpen;
        if (!done.StaysOpen)
            (_over, _data) = (_data, null);
        if (_ending)
            return; // The client has been told.
        var final = _held;
        _held = null;
        if (_upload is { } upload && final is { } reply)
            ConcludeUpload(upload, reply, done);
        else
            Conclude(done, final);
        if (!_ending && _conclusion is null && _commands.OwesOwnAbortReply)
            SeparateAbort(TakeCommands);
    }

    /// <summary>
    /// ABOR is answered by any code, once more than the transfer or not at all, and the replies to what is sent next must not be mistaken for
    /// it, nor it for one of them. Every server answers NOOP (RFC 959, section 5.1), so behind its reply nothing is about ABOR.
    /// </summary>
    private void SeparateAbort(Action then)
    {
        var separation = _separation = new Separation(IsOurs: _commands.OwesOwnAbortReply);
        Ask(FtpCommand.Create("NOOP"), _ =>
        {
            _separation = null;
            then();
        });
        Task.Delay(_separationPatience, _services.Time, _stopped.Token)
            .PipeTo(Self, success: () => new SeparationLate(separation), failure: _ => new SeparationLate(separation));
        ReadServer();
    }

    private void Conclude(DataDone done, MatchedReply? final)
    {
        if (_clientGone && !_quitReceived)
        {
            var isWhole = done.Failure == Failure.None;
            End(isWhole ? Failure.PeerClosed : done.Failure, isWhole ? "the client has left" : done.Reason);
        }
        else if (final is { } held)
        {
            Relay(Outcome(done, held.Reply), held.Command);
        }
        else if (done.Failure == Failure.ConnectionLost)
        {
            TunnelLost();
        }
        else
        {
            // The server has not answered for so long that its answer could not be told from the next command's.
            Relay(Broken(done), completes: null);
            SayFarewell(FtpReplies.ServerGivenUp, done.Failure, done.Reason);
        }
    }

    /// <summary>
    /// A data channel that has stopped without a last word has failed by a defect. It has reset the client's data connection.
    /// </summary>
    private void DataChannelFailed()
    {
        const string reason = "internal error";
        if (_commands.Transfer is null)
            Unavailable(new DataUnavailable(Failure.Internal, reason));
        else
            TransferDone(new DataDone(Failure.Internal, reason, WasConnected: true));
    }

    /// <summary>A success that is none is not said; nor that there is no data connection, by a server that does not know why.</summary>
    private static FtpReply Outcome(DataDone done, FtpReply reply) =>
        done.Failure != Failure.None
            && (reply.Kind == ReplyKind.Completion || (!done.WasConnected && reply.Code is CannotOpenData or DataAborted))
            ? Broken(done)
            : reply;

    private static FtpReply Broken(DataDone done) => done.WasConnected
        ? FtpReplies.TransferBroken(done.Reason)
        : FtpReplies.CannotOpenDataConnection(done.Reason);

    /// <param name="IsOurs">The client does not know of the ABOR, and nothing that is said about it is for the client.</param>
    private sealed record Separation(bool IsOurs);

    private sealed record SeparationLate(Separation Separation);
}
