using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Parent of all sessions. A session that fails ends; the others do not notice.</summary>
internal sealed class SessionsActor : ReceiveActor
{
    /// <summary>Each session takes a socket, and one more while it transfers: below the usual limits of a process.</summary>
    private const int MaxSessions = 8000;

    /// <summary>For one line to a client who is not taken, should the SSH server take none.</summary>
    private static readonly TimeSpan _refusalPatience = TimeSpan.FromSeconds(5);

    private readonly IActorRef _tunnels;
    private readonly IActorRef _directory;
    private readonly EngineServices _services;
    private readonly ILogger _logger;
    private readonly List<IActorRef> _waitingForTheEnd = [];
    private long _last;
    private int _count;
    private bool _ending;

    public SessionsActor(IActorRef tunnels, IActorRef directory, EngineServices services)
    {
        _tunnels = tunnels;
        _directory = directory;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");

        Receive<NewSession>(session => Start(
            session.ClientEndPoint,
            session.Target.Kind,
            SessionAudit.Describe(session.Target, session.ClientEndPoint),
            id => LocalSession(id, session),
            refusal => Refuse(session, refusal)));
        Receive<NewRemoteSession>(session => Start(
            session.Client,
            session.Forward.Kind,
            SessionAudit.Describe(session),
            id => RemoteSession(id, session),
            refusal => Refuse(session, refusal)));
        Receive<EndWhenIdle>(end => End(end));
        Receive<EndNow>(end => End(end));
        Receive<Terminated>(_ =>
        {
            _count--;
            TellIfEnded();
        });
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Start(IPEndPoint client, ForwardKind kind, AuditRecord who, Func<string, Props> session, Action<FtpReply> refuse)
    {
        if (_ending || _count == MaxSessions)
        {
            var reason = _ending ? "stopping" : $"there are {MaxSessions} sessions already";
            _logger.SessionRefused(client, reason);
            SessionAudit.Refused(_services, who, _ending ? Failure.Shutdown : Failure.Limit, reason);
            refuse(_ending ? FtpReplies.ShuttingDown : FtpReplies.TooManySessions);
            return;
        }

        var id = $"s{++_last}";
        var actor = Context.ActorOf(session(id), id);
        Context.Watch(actor);
        _count++;
        _directory.Tell(new DirectoryActor.Enter(actor, new SessionInfo(id, kind, client, who.Target!)));
    }

    private Props LocalSession(string id, NewSession session)
    {
        var (tunnels, services) = (_tunnels, _services);
        var audit = SessionAudit.Of(id, session, services);
        return session.Target.Kind == ForwardKind.Ftp
            ? Props.Create(() => new ControlChannelActor(id, new LocalRoute(session, services.Time), tunnels, audit, services))
            : Props.Create(() => new LocalPlainChannelActor(id, session, tunnels, audit, services));
    }

    private Props RemoteSession(string id, NewRemoteSession session)
    {
        var (tunnels, services) = (_tunnels, _services);
        var audit = SessionAudit.Of(id, session, services);
        return session.Forward.Kind == ForwardKind.Ftp
            ? Props.Create(() => new ControlChannelActor(
                id, new RemoteRoute(session, ControlChannelActor.Window, services.Time), tunnels, audit, services))
            : Props.Create(() => new RemotePlainChannelActor(id, session, audit, services));
    }

    /// <summary>A new connection has room for one line, so this does not wait.</summary>
    private static void Refuse(NewSession session, FtpReply reply)
    {
        if (session.Target.Kind == ForwardKind.Ftp)
            session.Client.Send(reply.Bytes.Span, SocketFlags.None, out _);
        session.Client.Dispose();
    }

    private void Refuse(NewRemoteSession session, FtpReply reply)
    {
        if (session.Forward.Kind == ForwardKind.Ftp)
            RefuseAsync(session.Channel, reply).PipeTo(ActorRefs.Nobody);
        else
            session.Release();
    }

    private async Task RefuseAsync(IOfferedChannel channel, FtpReply reply)
    {
        using var patience = new CancellationTokenSource(_refusalPatience, _services.Time);
        using var control = new ChannelStream(channel.Accept(ControlChannelActor.Window));
        await control.WriteAsync(reply.Bytes, patience.Token).ConfigureAwait(false);
        await control.CompleteWritesAsync().ConfigureAwait(false);
    }

    private void End(object how)
    {
        _ending = true;
        _waitingForTheEnd.Add(Sender);
        foreach (var session in Context.GetChildren())
            session.Tell(how);
        TellIfEnded();
    }

    private void TellIfEnded()
    {
        if (_count > 0)
            return;
        foreach (var waiting in _waitingForTheEnd)
            waiting.Tell(SessionsEnded.Instance);
        _waitingForTheEnd.Clear();
    }
}
