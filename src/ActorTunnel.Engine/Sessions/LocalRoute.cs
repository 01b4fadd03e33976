using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions.Data;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;

namespace ActorTunnel.Engine.Sessions;

/// <summary>The client has connected to this machine, the FTP server is behind SSH (<c>-L</c>).</summary>
internal class LocalRoute : SessionRoute
{
    /// <summary>
    /// Short uploads lose nothing: a tenth of the transfer's time if that is less, and nothing when that is next to nothing. On a busy
    /// machine (load 28) the connections of 400 killed processes ended up to 127 ms apart. Who asks for temporary names wants no short file
    /// under its final name, rather than speed: then all of it, always.
    /// </summary>
    private static readonly TimeSpan _longestLook = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private SessionTarget _target;

    public LocalRoute(NewSession session, TimeProvider time)
    {
        _socket = session.Client;
        _target = session.Target;
        _time = time;
        Reception = session.Reception;
        Client = TcpSocket.Unmapped(_socket.RemoteEndPoint);
        Local = TcpSocket.Unmapped(_socket.LocalEndPoint);
        TcpSocket.ReceiveUrgentDataInline(_socket);
        ClientControl = new NetworkStream(_socket, ownsSocket: false);
        ClientUser = Ftp.DataPeerUid ? ClientUser.Of(_socket) : null;
    }

    public override IPEndPoint Client { get; }

    public override IPEndPoint Local { get; }

    public override string Host => _target.Host;

    public override int HostPort => _target.Port;

    public override FtpOptions Ftp => _target.Ftp;

    public override SessionPlace Place => _target.PlaceOf(Client.Address);

    public override SocksOrigin? Socks => _target.Socks;

    public override Stream ClientControl { get; }

    public override Reception Reception { get; }

    public override bool HasClientLeft => TcpSocket.HasPeerLeft(_socket);

    public override ClientUser? ClientUser { get; }

    public override IPAddress AdvertisedAddress => Ftp.AdvertiseAddress ?? Local.Address;

    public override string RemoteBind => RemoteLoopback.ToString();

    /// <summary>It must be of the family of the FTP server's control connection.</summary>
    private IPAddress RemoteLoopback => IPAddress.TryParse(Host, out var host) && host.AddressFamily == AddressFamily.InterNetworkV6
        ? IPAddress.IPv6Loopback
        : IPAddress.Loopback;

    public override void AskForTunnel(IActorRef session, IActorRef tunnels)
    {
        if (_target.Profile is { } profile)
            tunnels.Tell(new GetTunnel(profile, session) { Channels = 2 }, session); // Control and data: room for data is kept from the start.
        else
            session.Tell(new TunnelReady(_target.WithoutSsh(_time)), session);
    }

    public override ISshTransport? FallBack(TunnelFailed failed)
    {
        if (!_target.FallsBackAfter(failed))
            return null;
        _target = _target with { Profile = null };
        return _target.WithoutSsh(_time);
    }

    public override async Task<object> ConnectServerAsync(
        ISshTransport transport, ChannelWindow window, CancellationToken cancellationToken)
    {
        var answer = await ChannelOpening.OpenAsync(transport, Host, HostPort, Client, window, _time, cancellationToken)
            .ConfigureAwait(false);
        return answer is ChannelOpening.Opened opened ? new ServerConnected(new ChannelStream(opened.Channel)) : answer;
    }

    public override Task? WaitForSecondLookAsync(TimeSpan transferTime, bool isTemporary)
    {
        var look = isTemporary ? _longestLook : transferTime / 10;
        return look < TimeSpan.FromMilliseconds(1)
            ? null
            : Task.Delay(look < _longestLook ? look : _longestLook, _time, CancellationToken.None);
    }

    public override string? WhyServerCannotConnect =>
        CanonicalHost.Parse(Host) is { } host && (host.Address is { } address ? IPAddress.IsLoopback(address) : host.Text == "localhost")
            ? null
            : $"{Host} is not the SSH server itself, which may listen for its own programs alone";

    public override Props PassiveDataChannel(DataChannelContext context, PassiveReply reply)
    {
        var profile = _target.Profile;
        return Props.Create(() => new PassiveDataChannelActor(context, reply, profile));
    }

    public override Props ActiveDataChannel(DataChannelContext context, IPEndPoint endPoint, IActorRef? bound)
    {
        var (bind, host, hostPort) = (RemoteLoopback, Host, HostPort);
        return Props.Create(() => new ActiveDataChannelActor(context, endPoint, bind, host, hostPort, bound));
    }

    public override IActorRef? TakeBound(IPEndPoint endPoint) => Socks?.Rendezvous.Take(Socks.Party, endPoint);

    public override DataEnds NewDataEnds() => new LocalClientEnds();

    public override void ConnectClientData(
        IActorRef actor, IPEndPoint client, ISshTransport transport, CancellationToken cancellationToken) =>
        TargetDialing.ConnectDataAsync(client, Local.Address, "the client", cancellationToken).PipeTo(actor);

    public override void ConnectServerData(IActorRef actor, PassiveReply reply, ISshTransport transport)
    {
        var host = OtherDataHost(reply) ?? Host;
        ChannelOpening.OpenData(
            actor, transport, host, reply.Port, Client, _time, CancellationToken.None, failure => Hint(failure, host, reply));
    }

    /// <summary>
    /// Behind a name there may be several servers: then the address that this one announced is the one. And one that it announced may be
    /// known in its own network only.
    /// </summary>
    private string Hint(Failure failure, string host, PassiveReply reply) =>
        failure is not (Failure.TargetUnreachable or Failure.ConnectionRefused or Failure.Prohibited) ? ""
        : reply.Address is { } announced && announced.ToString() != host
            ? $" The FTP server announced {announced}: PassiveAddress=reply connects there instead."
        : host != Host ? $" The FTP server announced that address: PassiveAddress=control-host connects to {Host} instead."
        : "";

    public override void Dispose() => _socket.Dispose();
}
