using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// One FTP client: its control connection, one to the FTP server, and between them the <see cref="CommandQueue"/>. Which of the two
/// is a channel is the matter of its <see cref="SessionRoute"/>. For each PASV, EPSV, PORT and EPRT it spawns a
/// <see cref="DataChannelActor"/>. A failure ends this session and nothing else.
/// </summary>
/// <remarks>
/// This file: how a session begins, reads and writes. Commands, replies, set-ups, data channels, uploads, patience and the end have a file
/// each. A read is only started when what the last one brought has been dealt with, so each leg has at most one message in the mailbox.
/// </remarks>
internal sealed partial class ControlChannelActor : ReceiveActor
{
    /// <summary>Control lines are small, and there are many control channels.</summary>
    public static ChannelWindow Window { get; } = new(64 * 1024, 64 * 1024);

    private readonly string _id;
    private readonly SessionRoute _route;
    private readonly IActorRef _tunnels;
    private readonly SessionAudit _audit;
    private readonly EngineServices _services;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ControlLeg _clientLeg;
    private readonly CommandQueue _commands;
    private readonly CommandPolicy _policy;

    private ISshTransport? _transport;
    private Stream? _serverControl;
    private ControlLeg? _serverLeg;

    // What the client still has to be told.
    private Reception _reception;
    private bool _readingClient;
    private bool _watchingClient;
    private bool _watchesAgain;
    private bool _readingServer;
    private int _writesToClient;

    // The last that has its final reply, though that may not be written yet.
    private FtpCommand? _answered;
    private bool _quitReceived;
    private bool _clientGone;
    private bool _ending;

    public ControlChannelActor(string id, SessionRoute route, IActorRef tunnels, SessionAudit audit, EngineServices services)
    {
        _id = id;
        _route = route;
        _tunnels = tunnels;
        _audit = audit;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");
        _clientLeg = route.OpenClientLeg();
        _commands = new CommandQueue(isGreeted: route.IsLoggedIn);
        _policy = new CommandPolicy(route.Ftp.Restrictions, PassesAuth);
        _reception = route.Reception;

        Receive<TunnelReady>(ready => ConnectServer(ready.Transport));
        Receive<TunnelFailed>(failed => NoTunnel(failed));
        Receive<SessionRoute.ServerConnected>(connected => ServerConnected(connected));
        Receive<ClientLine>(line => ReadFromClient(line.Line));
        Receive<ClientWatched>(Watched);
        Receive<ServerLine>(line => ReadFromServer(line.Line));
        Receive<ClientBroken>(_ => ClientLeaves());
        Receive<ServerBroken>(_ => ServerLeaves());
        Receive<WrittenToClient>(written => Written(written.Completes));
        Receive<NotWrittenToClient>(lost =>
        {
            ClientLeaves();
            Written(lost.Completes);
        });
        Receive<FarewellSaid>(_ => Context.Stop(Self));
        Receive<EndWhenIdle>(_ =>
        {
            _farewell = new Farewell(FtpReplies.ShuttingDown, Failure.Shutdown, "stopping");
            EndIfIdle();
        });
        Receive<EndNow>(end => EndAtOnce(new Farewell(FtpReplies.ShuttingDown, end.Failure, "stopping")));
        ReceivePatience();
        ReceivePlaces();
        ReceiveFromDataChannels();
        ReceiveFromUploads();
        ReceiveUnread();
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        _logger.SessionStarted(_id, _route.Client, $"{_route.Host}:{_route.HostPort}");
        _route.AskForTunnel(Self, _tunnels);
        ReadClient();
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        StopPatience();
        _clientLeg.Dispose();
        _serverLeg?.Dispose();
        _listener?.Dispose();
        _serverControl?.Dispose();
        _route.Dispose();
        _commands.Abandon();
        _audit.Stopped(LeaveUpload());
    }

    private void NoTunnel(TunnelFailed failed)
    {
        if (_route.FallBack(failed) is not { } other)
        {
            SayFarewell(FtpReplies.NoSession(421, failed.Failure, failed.Message), failed.Failure, failed.Message);
            return;
        }

        _logger.FallsBackToPlain(_id, $"{_route.Host}:{_route.HostPort}", failed.Message, _audit.Who);
        _audit.FallsBack(failed.Failure, failed.Message);
        ConnectServer(other);
    }

    private void ConnectServer(ISshTransport transport)
    {
        _transport = transport;
        _audit.Through(transport);
        _listener = new SessionListener(transport, _route.RemoteBind, _services.Time);
        _route.ConnectServerAsync(transport, Window, _stopped.Token).PipeTo(Self);
    }

    private void ServerConnected(SessionRoute.ServerConnected connected)
    {
        _serverControl = connected.Control;
        _serverLeg = connected.Leg ?? new ControlLeg(connected.Control);
        Welcome();
        StartPatience();
        TakeCommands(); // Without a greeting to wait for, some may be there.
        ReadServer();
    }

    /// <summary>It goes before whatever is written later; should it not arrive, reading will tell.</summary>
    private void Welcome()
    {
        if (_reception.Accepted is { IsEmpty: false } words)
            _clientLeg.WriteAsync(words).PipeTo(Self, failure: cause => new ClientBroken(cause));
        _reception = Reception.Silent;
    }

    private void ReadClient()
    {
        if (_readingClient || _clientGone || _ending || _isUnread)
            return;
        if (_authUnanswered || _commands.IsFull)
        {
            WatchClient();
            return;
        }

        _readingClient = true;
        _clientLeg.ReadAsync().PipeTo(Self, success: line => new ClientLine(line), failure: cause => new ClientBroken(cause));
    }

    /// <summary>It is not listened to for now, but that it leaves must not go unnoticed.</summary>
    private void WatchClient()
    {
        _watchesAgain = _watchingClient; // It may be one that a read has ended, and its last word is on the way.
        if (_watchingClient)
            return;
        _watchingClient = true;
        _clientLeg.WatchAsync().PipeTo(Self, success: left => new ClientWatched(left), failure: _ => new ClientWatched(HasLeft: true));
    }

    private void Watched(ClientWatched watched)
    {
        _watchingClient = false;
        if (watched.HasLeft)
            ClientLeaves();
        else if (_watchesAgain)
            ReadClient();
    }

    private void ReadServer()
    {
        if (_serverLeg is null || _readingServer || _ending || _isUnread || _writesToClient > 0 || IsHoldingReply)
            return;
        _readingServer = true;
        ExpectReplyToGoOn();
        _serverLeg.ReadAsync(_replies.IsOpen).PipeTo(Self, success: line => new ServerLine(line), failure: cause => new ServerBroken(cause));
    }

    /// <summary>Gives a reply to the client; <paramref name="completes"/> is the command that is settled with it.</summary>
    private void Relay(FtpReply reply, FtpCommand? completes)
    {
        _logger.Reply(_id, reply.Code);
        _answered = completes ?? _answered;
        _writesToClient++;
        if (_clientGone && !_quitReceived)
            Self.Tell(new WrittenToClient(completes));
        else
            _clientLeg.WriteAsync(reply.For(_id).Bytes)
                .PipeTo(Self, success: () => new WrittenToClient(completes), failure: _ => new NotWrittenToClient(completes));
    }

    /// <summary>The client has had its answer before.</summary>
    private void CompleteSilently(FtpCommand command)
    {
        _writesToClient++;
        Self.Tell(new WrittenToClient(command));
    }

    private void Written(FtpCommand? completes)
    {
        _writesToClient--;
        if (_over is not null && _writesToClient == 0)
        {
            Context.Stop(_over);
            _over = null;
        }

        if (_owed is not null && _writesToClient == 0)
            _data?.Tell(ClientKnows.Instance);
        if (completes is not null)
            _commands.Complete(completes);
        EndIfIdle();
        EndIfFinished();
        TakeCommands();
        ReadServer();
        ReadClient();
    }

    private void SendToServer(ReadOnlyMemory<byte> line) =>
        _serverLeg!.WriteAsync(line).PipeTo(Self, failure: cause => new ServerBroken(cause));

    private sealed record ClientLine(ControlLine Line);

    private sealed record ClientWatched(bool HasLeft);

    private sealed record ServerLine(ControlLine Line);

    private sealed record ClientBroken(Exception Cause);

    private sealed record ServerBroken(Exception Cause);

    private sealed record WrittenToClient(FtpCommand? Completes);

    private sealed record NotWrittenToClient(FtpCommand? Completes);
}
