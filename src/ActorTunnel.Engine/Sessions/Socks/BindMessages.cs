using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Socks;

namespace ActorTunnel.Engine.Sessions.Socks;

/// <summary>SOCKS client to sessions: it asks for BIND, and a rule has said that it may.</summary>
internal sealed record NewSocksBind(Socket Client, SocksRequest Request, Rendezvous Rendezvous, Rendezvous.Party Party) : ICarriesResource
{
    public void Release() => TcpSocket.Reset(Client);
}

/// <summary>Data channel to BIND: a PORT has named its address. Answered by <see cref="BoundClient"/> or <see cref="BindOver"/>.</summary>
internal sealed record TakeBoundClient : IQuestion
{
    public static TakeBoundClient Instance { get; } = new();

    public object Unanswered => BindOver.Instance;
}

/// <summary>Data channel to BIND: a PORT has named its address, and there will be no data connection.</summary>
internal sealed record RefuseBind(Failure Failure, string Reason);

/// <summary>The client has left, or its time was over.</summary>
internal sealed record BindOver
{
    public static BindOver Instance { get; } = new();
}

/// <summary>BIND to data channel: the client, which waits for its second reply (RFC 1928, section 6).</summary>
internal sealed record BoundClient(Socket Socket, SocksRequest Request) : ICarriesResource
{
    /// <summary>
    /// The server has connected. Clients compare the address with that of their control connection's host, and sshd tells loopback for a
    /// server on its own machine: so it is the one that the client has named, if it has.
    /// </summary>
    public bool Welcome(IPEndPoint server)
    {
        var named = IPAddress.TryParse(Request.Host, out var host) && !host.Equals(IPAddress.Any) && !host.Equals(IPAddress.IPv6Any);
        var peer = named ? new IPEndPoint(host!, server.Port) : server;
        return !TcpSocket.HasPeerLeft(Socket) && TcpSocket.TrySay(Socket, SocksReply.Of(Request.Version, Socks5ReplyCode.Succeeded, peer));
    }

    /// <summary>In order, so that the reply arrives: what has not begun cannot look whole.</summary>
    public void Refuse(Failure failure)
    {
        var code = (Socks5ReplyCode)(failure == Failure.None ? Failure.PeerClosed : failure).SocksCode();
        TcpSocket.TrySay(Socket, SocksReply.Of(Request.Version, code));
        Socket.Dispose();
    }

    public void Release() => Refuse(Failure.PeerClosed);
}
