using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Sessions.Socks;

/// <summary>To a data channel: its client has come by SOCKS, and waits for the reply.</summary>
internal sealed record SecondConnect(Socket Socket, Reception Reception) : ICarriesResource
{
    /// <summary>The server's end is there. When the client has gone, reading from it will tell.</summary>
    public void Welcome() => TcpSocket.TrySay(Socket, Reception.Accepted);

    /// <summary>In order, so that the reply arrives: what has not begun cannot look whole.</summary>
    public void Refuse(Failure failure)
    {
        TcpSocket.TrySay(Socket, Reception.Refused(failure == Failure.None ? Failure.PeerClosed : failure));
        Socket.Dispose();
    }

    public void Release() => Refuse(Failure.PeerClosed);
}
