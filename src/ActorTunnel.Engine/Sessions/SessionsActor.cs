using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions.Login;
using ActorTunnel.Engine.Sessions.Socks;
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
    private long _lastSocks;
    private int _count;
    private bool _ending;

    // Clients of the SOCKS proxy that are no sessions yet: each will be one, or none.
    private readonly SocksClients _socksClients = new(MaxSessions / 4);
    private readonly Rendezvous _rendezvous = new();
    private readonly SessionCounts _counts = new();
    private RuleSet _rules = RuleSet.Empty;

    public SessionsActor(IActorRef tunnels, IActorRef directory, EngineServices services)
    {
        _tunnels = tunnels;
        _directory = directory;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");

        Receive<NewSession>(session => Start(
            session.ClientEndPoint,
            session.Target.Kind,
            session.Target.PlaceOf(session.ClientEndPoint.Address),
            SessionAudit.Describe(session.Target, session.ClientEndPoint),
            id => LocalSession(id, session),
            refusal => Refuse(session.Client, session.Reception, session.Target.Kind == ForwardKind.Ftp ? refusal : null)));
        Receive<NewLoginSession>(session => Start(
            session.ClientEndPoint,
            ForwardKind.Ftp,
            session.Place,
            SessionAudit.Describe(session),
            id => LoginSession(id, session),
            refusal => Refuse(session.Client, session.Reception, refusal)));
        Receive<NewRemoteSession>(session => Start(
            session.Client,
            session.Forward.Kind,
            session.Place,
            SessionAudit.Describe(session),
            id => RemoteSession(id, session),
            refusal => Refuse(session, refusal)));
        Receive<TakePlace>(take =>
        {
            var limit = _counts.Move(Sender.Path.Name, take.Place);
            Sender.Tell(limit == SessionLimit.None ? PlaceTaken.Instance : new PlaceRefused(limit));
        });
        Receive<NewSocksClient>(StartSocks);
        Receive<NewSocksBind>(StartBind);
        Receive<ApplyRules>(apply => _rules = apply.Rules);
        Receive<EndWhenIdle>(end => End(end));
        Receive<EndNow>(end => End(end));
        Receive<Terminated>(gone =>
        {
            if (!_socksClients.Remove(gone.ActorRef))
            {
                _count--;
                _counts.Leave(gone.ActorRef.Path.Name);
            }

            TellIfEnded();
        });
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void StartSocks(NewSocksClient client)
    {
        if (WhyNot(client) is { } why)
        {
            _logger.ClientRefused(client.ClientEndPoint, why);
            SessionAudit.Refused(_services, SessionAudit.Describe(client), WhyNotFailure, why);
            client.Release();
            return;
        }

        var (rules, rendezvous, services) = (_rules, _rendezvous, _services);
        var actor = Context.ActorOf(Props.Create(() => new SocksClientActor(client, rules, rendezvous, services)), $"socks-{++_lastSocks}");
        _socksClients.Add(Context.Watch(actor), client.ClientEndPoint.Address);
    }

    private void StartBind(NewSocksBind bind)
    {
        if (_ending)
        {
            bind.Release();
            return;
        }

        var services = _services;
        var actor = Context.ActorOf(Props.Create(() => new SocksBindActor(bind, services)), $"bind-{++_lastSocks}");
        _socksClients.Add(Context.Watch(actor), bind.Party.Client);
    }

    private Failure WhyNotFailure => _ending ? Failure.Shutdown : Failure.Limit;

    private string WhyNot() => _ending ? "stopping" : $"there are {MaxSessions} sessions already";

    private string? WhyNot(NewSocksClient client) =>
        _ending || _count + _socksClients.Count >= MaxSessions ? WhyNot()
        : _socksClients.IsFullFor(client.ClientEndPoint.Address) ? "too many connections of this address have not become sessions yet"
        : null;

    private void Start(
        IPEndPoint client, ForwardKind kind, SessionPlace? place, AuditRecord who, Func<string, Props> session, Action<FtpReply> refuse)
    {
        var id = $"s{++_last}";
        if (_ending || _count == MaxSessions)
        {
            Refuse(WhyNot(), _ending ? FtpReplies.ShuttingDown : FtpReplies.TooManySessions);
            return;
        }

        var limit = _counts.Enter(id, kind == ForwardKind.Ftp ? place : null);
        if (limit != SessionLimit.None)
        {
            Refuse(limit.Reason(), limit.Reply());
            return;
        }

        var actor = Context.ActorOf(session(id), id);
        Context.Watch(actor);
        _count++;
        _directory.Tell(new DirectoryActor.Enter(actor, new SessionInfo(id, kind, client, who.Target ?? "login")));

        void Refuse(string reason, FtpReply reply)
        {
            _logger.SessionRefused(id, client, reason);
            SessionAudit.Refused(_services, who with { Session = id }, WhyNotFailure, reason);
            refuse(reply.For(id));
        }
    }

    private Props LocalSession(string id, NewSession session)
    {
        var (tunnels, services) = (_tunnels, _services);
        var audit = SessionAudit.Of(id, session, services);
        return session.Target.Kind == ForwardKind.Ftp
            ? Props.Create(() => new ControlChannelActor(id, new LocalRoute(session, services.Time), tunnels, audit, services))
            : Props.Create(() => new LocalPlainChannelActor(id, session, tunnels, audit, services));
    }

    private Props LoginSession(string id, NewLoginSession session)
    {
        var (rules, tunnels, directory, services) = (_rules, _tunnels, _directory, _services);
        var audit = SessionAudit.Of(id, session, services);
        return Props.Create(() => new FtpLoginActor(id, session, rules, tunnels, directory, audit, services));
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

    private void Refuse(Socket client, Reception reception, FtpReply? reply)
    {
        var words = reception.Refused(WhyNotFailure);
        TcpSocket.TrySay(client, words.IsEmpty ? reply?.Bytes ?? default : words);
        client.Dispose();
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
        if (_count + _socksClients.Count > 0)
            return;
        foreach (var waiting in _waitingForTheEnd)
            waiting.Tell(SessionsEnded.Instance);
        _waitingForTheEnd.Clear();
    }
}
