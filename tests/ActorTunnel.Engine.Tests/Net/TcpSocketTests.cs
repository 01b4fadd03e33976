using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Net;

public class TcpSocketTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_peer_that_has_left_is_known_even_behind_unread_bytes(bool byReset)
    {
        var (peer, socket) = await DataSocket.PairAsync();
        using var _ = socket;
        await peer.SendAsync("unread"u8.ToArray());
        Assert.False(TcpSocket.HasPeerLeft(socket));

        if (byReset)
            peer.Reset();
        else
            peer.Finish();

        await Patience.UntilAsync(() => TcpSocket.HasPeerLeft(socket), "the end seen");
        Assert.Equal(byReset, TcpSocket.WasReset(socket));
        if (!byReset)
            Assert.Equal(6, socket.Available);
        peer.Dispose();
    }

    [Fact]
    public async Task A_disposed_socket_has_no_peer()
    {
        var (peer, socket) = await DataSocket.PairAsync();
        using var _ = peer;
        socket.Dispose();

        Assert.True(TcpSocket.HasPeerLeft(socket));
    }

    [Fact]
    public async Task Reset_is_an_error_for_the_peer_also_with_a_read_under_way_here()
    {
        var (peer, socket) = await DataSocket.PairAsync();
        using var _ = peer;
        var reading = socket.ReceiveAsync(new byte[1]);

        TcpSocket.Reset(socket);
        TcpSocket.Reset(socket); // Once more does no harm.

        await peer.ExpectResetAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => reading.Soon());
    }

    [Fact]
    public void A_v4_mapped_address_is_unmapped_and_others_stay()
    {
        var mapped = new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 21);

        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 21), TcpSocket.Unmapped(mapped));
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 21), TcpSocket.Unmapped(new IPEndPoint(IPAddress.IPv6Loopback, 21)));
    }

    [Fact]
    public async Task Urgent_data_comes_in_line()
    {
        var (peer, socket) = await DataSocket.PairAsync();
        using var _ = peer;
        TcpSocket.ReceiveUrgentDataInline(socket);
        using var here = new DataSocket(socket);

        await peer.SendAsync("ab"u8.ToArray());
        peer.Socket.Send("c"u8, SocketFlags.OutOfBand);
        await peer.SendAsync("d"u8.ToArray());

        Assert.Equal("abcd"u8.ToArray(), await here.ReadAsync(4));
    }
}
