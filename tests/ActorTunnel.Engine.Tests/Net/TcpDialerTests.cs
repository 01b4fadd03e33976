using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Net;

public class TcpDialerTests
{
    [Fact]
    public async Task A_listener_is_reached()
    {
        using var acceptor = TcpAcceptor.Listen(new IPEndPoint(IPAddress.Loopback, 0), backlog: 1);

        using var socket = await DialAsync("127.0.0.1", acceptor.EndPoint.Port, AddressFamily.Unspecified);

        Assert.Equal(acceptor.EndPoint, socket.RemoteEndPoint);
    }

    [Fact]
    public async Task A_port_where_nothing_listens_is_refused_by_name()
    {
        var acceptor = TcpAcceptor.Listen(new IPEndPoint(IPAddress.Parse("127.0.0.80"), 0), backlog: 1);
        acceptor.Dispose();

        var failed = await Assert.ThrowsAsync<TunnelException>(() =>
            DialAsync("127.0.0.80", acceptor.EndPoint.Port, AddressFamily.Unspecified));

        Assert.Equal(Failure.ConnectionRefused, failed.Failure);
        Assert.Contains($"127.0.0.80 port {acceptor.EndPoint.Port}", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_the_wrong_family_is_not_found_and_the_option_is_named()
    {
        var failed = await Assert.ThrowsAsync<TunnelException>(() => DialAsync("127.0.0.1", 22, AddressFamily.InterNetworkV6));

        Assert.Equal(Failure.HostNotFound, failed.Failure);
        Assert.Contains("-6", failed.Message, StringComparison.Ordinal);
    }

    private static Task<Socket> DialAsync(string host, int port, AddressFamily family) =>
        TcpDialer.ConnectAsync(new TcpTarget(host, port, "an SSH server") { Family = family }, TimeProvider.System, CancellationToken.None).Soon();
}
