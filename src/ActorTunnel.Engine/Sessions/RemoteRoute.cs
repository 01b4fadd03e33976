using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Sessions.Data;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;

namespace ActorTunnel.Engine.Sessions;

/// <summary>The client has connected to the SSH server, the FTP server is reached from here (<c>-R</c>).</summary>
internal sealed class RemoteRoute : SessionRoute
{
    private static readonly TimeSpan _shortestLook = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longestLook = TimeSpan.FromSeconds(1);

    /// <summary>For the SSH server's answer, should nothing else notice that there is none.</summary>
    private static readonly TimeSpan _pingPatience = TimeSpan.FromSeconds(60);

    private readonly RemoteForwardOptions _forward;
    private readonly ISshTransport _transport;
    private readonly ChannelStream _clientControl;
    private readonly bool _isLoopback;
    private readonly TimeProvider _time;
    private IPEndPoint? _local;
    private IPAddress? _serverAddress;

    public RemoteRoute(NewRemoteSession session, ChannelWindow window, TimeProvider time)
    {
        _forward = session.Forward;
        _transport = session.Transport;
        _isLoopback = session.IsLoopback;
        _time = time;
        Client = session.Client;
        Place = session.Place;
        _clientControl = new ChannelStream(session.Channel.Accept(window));
    }

    public override IPEndPoint Client { get; }

    public override IPEndPoint Local => _local!;

    public override string Host => _forward.Host;

    public override int HostPort => _forward.HostPort;

    public override FtpOptions Ftp => _forward.Ftp;

    public override SessionPlace Place { get; }

    public override Stream ClientControl => _clientControl;

    public override bool HasClientLeft => _clientControl.HasPeerEnded;

    /// <summary>Which of its addresses the client has connected to, sshd does not say: it reports the one that was asked for.</summary>
    public override IPAddress? AdvertisedAddress =>
        Ftp.AdvertiseAddress
        ?? (!_isLoopback ? null : Client.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback);

    public override string RemoteBind => _forward.BindAddress;

    public override void AskForTunnel(IActorRef session, IActorRef tunnels) => session.Tell(new TunnelReady(_transport), session);

    public override async Task<object> ConnectServerAsync(
        ISshTransport transport, ChannelWindow window, CancellationToken cancellationToken)
    {
        var target = new TcpTarget(Host, HostPort, "an FTP server");
        var answer = await TargetDialing.ConnectAsync(target, _time, cancellationToken).ConfigureAwait(false);
        if (answer is not TargetDialing.Connected connected)
            return answer;
        try
        {
            _local = TcpSocket.Unmapped(connected.Socket.LocalEndPoint);
            _serverAddress = TcpSocket.Unmapped(connected.Socket.RemoteEndPoint).Address;
            return new ServerConnected(new NetworkStream(connected.Socket, ownsSocket: true));
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            connected.Release();
            return new TunnelFailed(Failure.PeerReset, $"{Host} port {HostPort} closes the connection at once: {gone.Message}");
        }
    }

    /// <summary>
    /// A killed client's kernel may close its data connection first, and be held up before the other; nothing but time tells. Files that
    /// are whole matter more than a quarter of a second of each upload. After it sshd is asked twice: it has read the client's connections
    /// before it answers, but passes on what it has read behind the first answer.
    /// </summary>
    public override async Task WaitForSecondLookAsync(TimeSpan transferTime, bool isTemporary)
    {
        var wait = TimeSpan.FromTicks(Math.Clamp(transferTime.Ticks / 10, _shortestLook.Ticks, _longestLook.Ticks));
        await Task.Delay(wait, _time, CancellationToken.None).ConfigureAwait(false);
        using var patience = new CancellationTokenSource(_pingPatience, _time);
        await _transport.PingAsync(patience.Token).ConfigureAwait(false);
        await _transport.PingAsync(patience.Token).ConfigureAwait(false);
    }

    public override Props PassiveDataChannel(DataChannelContext context, PassiveReply reply) =>
        Props.Create(() => new RemotePassiveDataChannelActor(context, reply));

    public override Props ActiveDataChannel(DataChannelContext context, IPEndPoint endPoint, IActorRef? bound)
    {
        var server = _serverAddress!;
        return Props.Create(() => new RemoteActiveDataChannelActor(context, endPoint, server));
    }

    public override DataEnds NewDataEnds() => new LocalServerEnds();

    public override void ConnectClientData(
        IActorRef actor, IPEndPoint client, ISshTransport transport, CancellationToken cancellationToken) =>
        ChannelOpening.OpenData(
            actor,
            transport,
            client.Address.ToString(),
            client.Port,
            new IPEndPoint(_serverAddress!, HostPort),
            _time,
            cancellationToken);

    public override void ConnectServerData(IActorRef actor, PassiveReply reply, ISshTransport transport)
    {
        var connecting = OtherDataHost(reply) is { } other && other != _serverAddress!.ToString()
            ? TargetDialing.ConnectAsync(new TcpTarget(other, reply.Port, "the FTP server"), _time, CancellationToken.None)
            : TargetDialing.ConnectDataAsync(
                new IPEndPoint(_serverAddress!, reply.Port), Local.Address, "the FTP server", CancellationToken.None);
        connecting.PipeTo(actor);
    }

    public override void Dispose() => _clientControl.Dispose();
}
