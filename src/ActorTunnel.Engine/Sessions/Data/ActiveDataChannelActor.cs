using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// PORT or EPRT: the FTP server connects to a listener on the SSH server's loopback; for the one connection that comes, we connect to
/// the client, unless it has connected to us for that: BIND.
/// </summary>
internal sealed class ActiveDataChannelActor : DataChannelActor
{
    private const int FirstUnprivilegedPort = 1024;

    private readonly IPEndPoint _client;
    private readonly IPAddress _bind;
    private readonly string _host;
    private readonly int _hostPort;
    private readonly CancellationTokenSource _closed = new();
    private readonly IActorRef? _boundClient;
    private RemoteDataListener? _listener;

    // The client's own connection to us, until the server has made its one.
    private BoundClient? _bound;
    private IOfferedChannel? _offered;
    private bool _answered;

    /// <param name="context">The session.</param>
    /// <param name="client">Where the client listens: checked to be the client of the control connection.</param>
    /// <param name="bind">A loopback address of the SSH server.</param>
    /// <param name="host">The FTP server, as the SSH server is to resolve it.</param>
    /// <param name="hostPort">The port of its control connections.</param>
    /// <param name="boundClient">Who has the client's connection, which it has made for BIND; null: we connect to the client.</param>
    public ActiveDataChannelActor(
        DataChannelContext context, IPEndPoint client, IPAddress bind, string host, int hostPort, IActorRef? boundClient)
        : base(context, new LocalClientEnds())
    {
        _client = client;
        _bind = bind;
        _host = host;
        _hostPort = hostPort;
        _boundClient = boundClient;

        Receive<BoundClient>(bound =>
        {
            if (!Admits(bound))
                return;
            _bound = bound;
            Announce();
        });
        Receive<BindOver>(_ => Break(Failure.PeerClosed, "the client has given up its BIND"));
        Receive<SessionListener.Listening>(listening =>
        {
            _listener = listening.Listener;
            if (IsBroken)
                CloseListener();
            else if (_boundClient is null)
                Announce();
            else
                _boundClient.Tell(TakeBoundClient.Instance);
        });
        Receive<SessionListener.ListenFailed>(failed => NotListening(failed));
        Receive<RemoteDataListener.Offered>(offered => Connect(offered.Channel));
        Receive<TargetDialing.Connected>(connected => Relay(connected.Socket));
        Receive<TunnelFailed>(failed => Break(failed.Failure, failed.Message));
    }

    /// <summary>
    /// Servers that connect from one fixed port (RFC 959, section 3.2: the one below their control port) cannot do so twice to the same
    /// port within a minute: the kernel still remembers the first connection.
    /// </summary>
    private bool MayConnectToTheSamePortAgain =>
        _offered!.OriginatorPort >= FirstUnprivilegedPort
        && _offered.OriginatorPort != _hostPort - 1;

    protected override void PreStart() => Session.Listener.TakeAsync(Self, _closed.Token).PipeTo(Self);

    protected override void PostStop()
    {
        base.PostStop();
        RefuseServer();
    }

    protected override void RefuseServer()
    {
        if (_offered is null || _answered)
            return;
        _answered = true;
        _offered.Refuse(ChannelOpenFailure.ConnectFailed, "the FTP client does not take the data connection");
    }

    protected override void CloseListener()
    {
        _closed.Cancel();
        _listener?.Cancel();
        _listener = null;
        _bound?.Refuse(Cause);
        _bound = null;
    }

    protected override void KeepListener()
    {
        if (_listener is null || !MayConnectToTheSamePortAgain)
            return;
        Session.Listener.GiveBack(_listener);
        _listener = null;
    }

    private void Announce() => Context.Parent.Tell(new DataReady(new IPEndPoint(_bind, _listener!.Port)));

    /// <summary>The client of a BIND has not been taken yet: whoever serves it in another way can have it.</summary>
    private void NotListening(SessionListener.ListenFailed failed)
    {
        if (failed.Failure == Failure.Prohibited && Session.Options.DataMode == ServerDataMode.Auto)
        {
            Context.Parent.Tell(new ListenerRefused(failed.Reason));
            return;
        }

        _boundClient?.Tell(new RefuseBind(failed.Failure, failed.Reason));
        Break(failed.Failure, failed.Reason);
    }

    private void Connect(IOfferedChannel channel)
    {
        if (!IsServer(channel))
        {
            Session.Logger.ForeignServerConnection(Session.SessionId, Self.Path.Name, channel.OriginatorAddress, _host, Session.Audit.Who);
            channel.Refuse(ChannelOpenFailure.AdministrativelyProhibited, "data connections come from the FTP server only");
            return;
        }

        if (_offered is not null)
        {
            channel.Refuse(ChannelOpenFailure.AdministrativelyProhibited, "one data connection only");
            Break(Failure.Policy, $"a second data connection came, from {channel.OriginatorAddress}");
            return;
        }

        _offered = channel;
        if (!IsBroken && _bound is not null)
            Relay(_bound);
        else if (!IsBroken)
            Session.Route.ConnectClientData(Self, _client, Session.Transport, _closed.Token);
        else if (!IsUpload)
            RefuseServer();
        // Otherwise the server waits until it has answered ABOR: a refusal would be the end of an empty file.
    }

    /// <summary>
    /// We asked for a loopback address, but with GatewayPorts yes sshd listens on all. A server that was given by name may have any
    /// address.
    /// </summary>
    private bool IsServer(IOfferedChannel channel) =>
        !IPAddress.TryParse(_host, out var server)
        || (TcpSocket.TryParseOriginator(channel, out var originator)
            && (IPAddress.IsLoopback(originator.Address) || originator.Address.Equals(server)));

    private void Relay(BoundClient bound)
    {
        var server = TcpSocket.TryParseOriginator(_offered!, out var originator) ? originator : new IPEndPoint(IPAddress.Any, 0);
        if (!bound.Welcome(server))
        {
            Break(Failure.PeerClosed, "the client has left its BIND");
            return;
        }

        _bound = null;
        Relay(bound.Socket);
    }

    private void Relay(Socket socket)
    {
        if (IsBroken)
        {
            TcpSocket.Reset(socket);
            return;
        }

        Take(socket);
        _answered = true;
        Take(_offered!.Accept(DataChannelContext.Window));
    }
}
