using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;

namespace ActorTunnel.Engine.Sessions;

/// <summary>The client has connected to the SSH server, the FTP server is reached from here (<c>-R</c>).</summary>
internal sealed class RemoteRoute : SessionRoute
{
    private static readonly TimeSpan _shortestLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _longestLook = TimeSpan.FromMilliseconds(500);

    private readonly RemoteForwardOptions _forward;
    private readonly ISshTransport _transport;
    private readonly ChannelStream _clientControl;
    private readonly bool _isLoopback;
    private readonly TimeProvider _time;
    private Socket? _server;

    public RemoteRoute(NewRemoteSession session, ChannelWindow window, TimeProvider time)
    {
        _forward = session.Forward;
        _transport = session.Transport;
        _isLoopback = session.IsLoopback;
        _time = time;
        Client = session.Client;
        _clientControl = new ChannelStream(session.Channel.Accept(window));
    }

    public override IPEndPoint Client { get; }

    public override IPEndPoint Local => TcpSocket.Unmapped(_server!.LocalEndPoint);

    public override string Host => _forward.Host;

    public override int HostPort => _forward.HostPort;

    public override FtpOptions Ftp => _forward.Ftp;

    public override Stream ClientControl => _clientControl;

    public override bool HasClientLeft => _clientControl.HasPeerEnded;

    /// <summary>Which of its addresses the client has connected to, sshd does not say: it reports the one that was asked for.</summary>
    public override IPAddress? AdvertisedAddress => Ftp.AdvertiseAddress ?? (_isLoopback ? IPAddress.Loopback : null);

    public override string RemoteBind => _forward.BindAddress;

    private IPAddress ServerAddress => TcpSocket.Unmapped(_server!.RemoteEndPoint).Address;

    public override void AskForTunnel(IActorRef session, IActorRef tunnels) => session.Tell(new TunnelReady(_transport), session);

    public override async Task<object> ConnectServerAsync(
        ISshTransport transport, ChannelWindow window, CancellationToken cancellationToken)
    {
        var target = new TcpTarget(Host, HostPort, "an FTP server");
        var answer = await TargetDialing.ConnectAsync(target, _time, cancellationToken).ConfigureAwait(false);
        if (answer is not TargetDialing.Connected connected)
            return answer;
        _server = connected.Socket;
        return new ServerConnected(new NetworkStream(_server, ownsSocket: true));
    }

    /// <summary>
    /// The kernel of a killed client closes its data connection first, and may be held up before the other. After a moment sshd is asked
    /// something: it reads the client's connections in turn, so when it has answered it has also seen what had happened by then.
    /// </summary>
    public override async Task WaitForSecondLookAsync(TimeSpan transferTime)
    {
        var wait = TimeSpan.FromTicks(Math.Clamp(transferTime.Ticks / 10, _shortestLook.Ticks, _longestLook.Ticks));
        await Task.Delay(wait, _time, CancellationToken.None).ConfigureAwait(false);
        await _transport.PingAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public override Props PassiveDataChannel(DataChannelContext context, PassiveReply reply)
    {
        var address = Ftp.PassiveAddress == PassiveAddress.Reply && reply.Address is { } named ? named : ServerAddress;
        var server = new IPEndPoint(address, reply.Port);
        return Props.Create(() => new RemotePassiveDataChannelActor(context, server));
    }

    public override Props ActiveDataChannel(DataChannelContext context, IPEndPoint endPoint)
    {
        var server = ServerAddress;
        return Props.Create(() => new RemoteActiveDataChannelActor(context, endPoint, server));
    }

    public override void Dispose() => _clientControl.Dispose();
}
