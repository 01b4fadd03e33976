using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Net;

public class TcpAcceptorTests
{
    // An address of this test alone: nobody else takes a port of its ranges.
    private static readonly IPAddress _address = IPAddress.Parse("127.0.0.79");

    [Fact]
    public void Each_port_of_a_range_is_given_once_and_then_there_is_none()
    {
        var range = new PortRange(28_200, 28_203);
        var acceptors = Enumerable.Range(0, 4).Select(_ => TcpAcceptor.Listen(_address, range, backlog: 1)).ToList();

        Assert.Equal([28_200, 28_201, 28_202, 28_203], acceptors.Select(acceptor => acceptor.EndPoint.Port).Order());
        var failed = Assert.Throws<TunnelException>(() => TcpAcceptor.Listen(_address, range, backlog: 1));
        Assert.Equal(Failure.Limit, failed.Failure);
        Assert.Contains("28200-28203", failed.Message, StringComparison.Ordinal);

        acceptors[2].Dispose();
        var again = TcpAcceptor.Listen(_address, range, backlog: 1);
        Assert.Equal(acceptors[2].EndPoint, again.EndPoint);
        again.Dispose();
        acceptors.ForEach(acceptor => acceptor.Dispose());
    }

    [Fact]
    public async Task Disposing_ends_a_pending_accept()
    {
        var acceptor = TcpAcceptor.Listen(new IPEndPoint(_address, 0), backlog: 1);
        var accepting = acceptor.AcceptAsync(CancellationToken.None);

        acceptor.Dispose();

        await Assert.ThrowsAsync<SocketException>(() => accepting.Soon());
    }

    [Fact]
    public async Task A_connection_that_was_reset_before_it_was_accepted_does_no_harm()
    {
        using var acceptor = TcpAcceptor.Listen(new IPEndPoint(_address, 0), backlog: 2);
        var gone = await DataSocket.ConnectAsync(acceptor.EndPoint);
        var local = (IPEndPoint)gone.Socket.LocalEndPoint!;
        gone.Reset();

        using var accepted = await acceptor.AcceptAsync(CancellationToken.None).Soon();

        Assert.Equal(local, TcpSocket.Unmapped(accepted.RemoteEndPoint));
        Assert.Equal(acceptor.EndPoint, TcpSocket.Unmapped(accepted.LocalEndPoint));
    }

    [Fact]
    public async Task F9_TCP_keeps_an_idle_control_connection_alive()
    {
        using var listener = TcpAcceptor.Listen(new(IPAddress.Loopback, 0), 1);
        using var client = await DataSocket.ConnectAsync(listener.EndPoint);
        using var accepted = await listener.AcceptAsync(CancellationToken.None).Soon();

        Assert.Equal(1, accepted.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(60, accepted.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(15, accepted.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
    }
}
