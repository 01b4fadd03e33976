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

    private IActorRef? _data;
    private int _dataCount;

    // It has carried a transfer and waits for the next.
    private bool _dataStaysOpen;

    // Why there is no data channel although one was set up.
    private DataUnavailable? _unavailable;

    // The server has been sent ABOR for the transfer in progress, by the client or by us.
    private bool _abortSent;

    // Of the transfer that has just ended: it closes what it has when the client has the reply.
    private IActorRef? _over;

    // The transfer in progress will have no data connection, and the client has been told; the server's answer is for nobody.
    private FtpCommand? _owed;

    private SessionListener? _listener;

    private void ReceiveFromDataChannels()
    {
        Receive<DataReady>(ready => IfCurrent(() => Announce(ready.EndPoint)));
        Receive<ListenerRefused>(refused => IfCurrent(() => NoListener(refused)));
        Receive<DataUnavailable>(gone => IfCurrent(() => Unavailable(gone)));
        Receive<NoDataConnection>(none => IfCurrent(() => AnswerTransfer(none)));
        Receive<AbortTransfer>(_ => IfCurrent(AbortTransferOnServer));
        Receive<DataDone>(done => IfCurrent(() => TransferDone(done)));
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
        if (!gone.AwaitsClient || _dataStaysOpen || _setUp is not null)
            DropDataChannel();
        _unavailable = gone;
        SetUpFailed(gone);
    }

    /// <summary>
    /// A server that waits for its data connection (vsftpd) answers in a minute, and until then to nothing. The client does not wait for
    /// that, only its next command does.
    /// </summary>
    private void AnswerTransfer(NoDataConnection none)
    {
        if (_held is not null || _ending)
            return; // The server has answered.
        _owed = _answered = _commands.Transfer;
        Relay(FtpReplies.CannotOpenDataConnection(none.Reason), completes: null);
    }

    /// <summary>Nobody waits for the server's answer.</summary>
    private void EndIfOnlyTheServerOwes()
    {
        if (!OnlyTheServerOwes)
            return;
        if (_clientGone && !_quitReceived)
            End(Failure.PeerClosed, "the client has left");
        else if (_commands.IsNext(FtpVerb.Quit))
            SayFarewell(FtpReplies.Goodbye, Failure.None, "finished");
    }

    /// <summary>
    /// Its answer to a transfer that the client knows to have failed. Of an upload the server must hear that it is broken: ABOR is not
    /// enough, should its data connection still come.
    /// </summary>
    private bool OnlyTheServerOwes => _owed is { Direction: TransferDirection.Download };

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
    }

    private void Conclude(DataDone done, MatchedReply? final)
    {
        var isAnswered = _owed is not null;
        _owed = null;
        if (_clientGone && !_quitReceived)
        {
            var isWhole = done.Failure == Failure.None;
            End(isWhole ? Failure.PeerClosed : done.Failure, isWhole ? "the client has left" : done.Reason);
        }
        else if (final is { } held)
        {
            if (isAnswered)
                CompleteSilently(held.Command!);
            else
                Relay(Outcome(done, held.Reply), held.Command);
        }
        else if (done.Failure == Failure.ConnectionLost)
        {
            TunnelLost();
        }
        else
        {
            // The server has not answered for so long that its answer could not be told from the next command's.
            if (!isAnswered)
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
}
