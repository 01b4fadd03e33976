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

    [Fact]
    public async Task A_pinned_address_is_taken_whatever_the_name_says()
    {
        using var acceptor = TcpAcceptor.Listen(new IPEndPoint(IPAddress.Loopback, 0), backlog: 1);

        using var socket = await DialAsync(new TcpTarget("no.such.host.invalid", 1, "an SSH server") { Peers = [acceptor.EndPoint] });

        Assert.Equal(acceptor.EndPoint, socket.RemoteEndPoint);
    }

    [Fact]
    public async Task Addresses_that_do_not_pass_the_check_are_not_connected_to()
    {
        using var acceptor = TcpAcceptor.Listen(new IPEndPoint(IPAddress.Loopback, 0), backlog: 1);
        var target = new TcpTarget("127.0.0.1", acceptor.EndPoint.Port, "a server") { Check = addresses => $"not to {addresses[0]}" };

        var refused = await Assert.ThrowsAsync<TunnelException>(() => DialAsync(target));
        var pinned = await Assert.ThrowsAsync<TunnelException>(() => DialAsync(target with { Peers = [acceptor.EndPoint] }));

        Assert.Equal((Failure.Policy, "not to 127.0.0.1"), (refused.Failure, refused.Message));
        Assert.Equal(Failure.Policy, pinned.Failure);
        Assert.False(refused.IsWithoutConnection); // No reason to go another way.
        using var allowed = await DialAsync(target with { Check = _ => null });
        using var first = await acceptor.AcceptAsync(CancellationToken.None).Soon();
        Assert.Equal(allowed.LocalEndPoint, first.RemoteEndPoint);
    }

    private static Task<Socket> DialAsync(string host, int port, AddressFamily family) =>
        DialAsync(new TcpTarget(host, port, "an SSH server") { Family = family });

    private static Task<Socket> DialAsync(TcpTarget target) =>
        TcpDialer.ConnectAsync(target, TimeProvider.System, CancellationToken.None).Soon();
}
