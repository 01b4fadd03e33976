using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Channels;

/// <summary>Whatever a peer does, the connection ends with one clear reason, or lives on unharmed.</summary>
public sealed class HostilePeerTests
{
    private static readonly ChannelWindow _window = new(4096, 4096);

    [Fact]
    public async Task Window_adjust_beyond_2_pow_32_closes_the_connection()
    {
        await using var peer = new RawPeer();
        var (_, number) = await peer.OpenAsync(_window);
        peer.Send(new ChannelWindowAdjustMessage(number, uint.MaxValue - 999));
        await AssertProtocolErrorAsync(peer, "2^32");
    }

    [Fact]
    public async Task A_window_of_2_pow_32_minus_1_is_allowed()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window);
        peer.Send(new ChannelWindowAdjustMessage(number, uint.MaxValue - 1000));
        var space = await channel.RentSendAsync(CancellationToken.None).AsTask().WaitAsync(MemoryPair.Bound);
        Assert.Equal(1000, space.Length); // the peer's packet size
        channel.Commit(1);
        await peer.ReadAsync(MessageNumber.ChannelData);
    }

    [Fact]
    public async Task Data_beyond_the_window_closes_the_connection()
    {
        await using var peer = new RawPeer();
        var (_, number) = await peer.OpenAsync(_window);
        peer.SendData(number, 4096);
        peer.SendData(number, 1);
        await AssertProtocolErrorAsync(peer, "window");
    }

    [Fact]
    public async Task A_data_packet_larger_than_announced_closes_the_connection()
    {
        await using var peer = new RawPeer();
        var (_, number) = await peer.OpenAsync(new(1 << 20, 1 << 20));
        peer.SendData(number, PacketLimits.MaxChannelData + 1);
        await AssertProtocolErrorAsync(peer, "larger");
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(20000u)]
    [InlineData(uint.MaxValue)]
    public async Task A_channel_that_is_not_open_closes_the_connection(uint number)
    {
        await using var peer = new RawPeer();
        await peer.OpenAsync(_window);
        peer.SendData(number, 1);
        await AssertProtocolErrorAsync(peer, "not open");
    }

    [Fact]
    public async Task Data_on_a_channel_before_its_confirmation_closes_the_connection()
    {
        await using var peer = new RawPeer();
        var opening = peer.Client.OpenAsync("host", 21, new(0, 0), _window, CancellationToken.None).AsTask();
        peer.SendData(ChannelOpenMessage.Parse(await peer.ReadAsync(MessageNumber.ChannelOpen)).SenderChannel, 1);
        await AssertProtocolErrorAsync(peer, "not open");
        await Assert.ThrowsAsync<SshException>(() => opening.WaitAsync(MemoryPair.Bound));
    }

    [Fact]
    public async Task Data_after_the_end_of_file_closes_the_connection()
    {
        await using var peer = new RawPeer();
        var (_, number) = await peer.OpenAsync(_window);
        peer.Send(new ChannelSignalMessage(MessageNumber.ChannelEof, number));
        peer.SendData(number, 1);
        await AssertProtocolErrorAsync(peer, "end-of-file");
    }

    [Fact]
    public async Task A_second_end_of_file_closes_the_connection()
    {
        await using var peer = new RawPeer();
        var (_, number) = await peer.OpenAsync(_window);
        peer.Send(new ChannelSignalMessage(MessageNumber.ChannelEof, number));
        peer.Send(new ChannelSignalMessage(MessageNumber.ChannelEof, number));
        await AssertProtocolErrorAsync(peer, "second end-of-file");
    }

    [Fact]
    public async Task A_second_confirmation_closes_the_connection()
    {
        await using var peer = new RawPeer();
        var (_, number) = await peer.OpenAsync(_window);
        peer.Send(new ChannelOpenConfirmationMessage(number, 8, 1, 1));
        await AssertProtocolErrorAsync(peer, "nobody asked for");
    }

    [Fact]
    public async Task A_reply_to_no_request_closes_the_connection()
    {
        await using var peer = new RawPeer();
        peer.Send(new EmptyMessage(MessageNumber.RequestSuccess));
        await AssertProtocolErrorAsync(peer, "nobody made");
    }

    [Fact]
    public async Task A_giant_packet_closes_the_connection()
    {
        await using var peer = new RawPeer();
        await peer.Stream.WriteAsync(new byte[] { 0, 4, 0, 4, 0, 0, 0, 0 }); // 256 KiB and 4
        await AssertProtocolErrorAsync(peer, "length");
    }

    [Fact]
    public async Task An_end_of_stream_inside_a_packet_is_a_lost_connection()
    {
        await using var peer = new RawPeer();
        var (channel, _) = await peer.OpenAsync(_window);
        await peer.Stream.WriteAsync(new byte[] { 0, 0, 0, 12, 4 });
        await peer.Stream.DisposeAsync();
        Assert.Equal(SshFailure.ConnectionLost, (await peer.EndAsync()).Failure);
        Assert.Equal(ChannelEnd.ConnectionLost, await channel.Ended.WaitAsync(MemoryPair.Bound));
    }

    [Fact]
    public async Task A_flood_of_requests_from_a_peer_that_does_not_read_ends_with_its_reason()
    {
        await using var peer = new RawPeer();
        // packet_length 12, padding_length 4, SSH_MSG_GLOBAL_REQUEST, an empty name, want reply, padding, to a block of 16
        byte[] request = [0, 0, 0, 12, 5, (byte)MessageNumber.GlobalRequest, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0];
        var requests = Enumerable.Repeat(request, 100).SelectMany(bytes => bytes).ToArray();
        while (!peer.Client.Closed.IsCompleted)
            await peer.Stream.WriteAsync(requests).AsTask().WaitAsync(MemoryPair.Bound);

        var end = await peer.EndAsync();
        Assert.Equal(SshFailure.ProtocolError, end.Failure);
        Assert.Contains("does not read", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_answered_in_order_and_known_to_nobody()
    {
        await using var peer = new RawPeer();
        var (_, number) = await peer.OpenAsync(_window);
        peer.Send(new KeepAliveMessage());
        peer.Send(new RawMessage(MessageNumber.ChannelRequest, [0, 0, 0, (byte)number, 0, 0, 0, 1, (byte)'x', 1]));
        peer.Send(new RawMessage((MessageNumber)200, []));
        peer.Send(new TcpipOpenMessage("session", 3, 1, 1, new("", 0, "", 0)));
        await peer.ReadAsync(MessageNumber.RequestFailure);
        await peer.ReadAsync(MessageNumber.ChannelFailure);
        Assert.Equal(3u, UnimplementedMessage.Parse(await peer.ReadAsync(MessageNumber.Unimplemented)).SequenceNumber);
        var refusal = ChannelOpenFailureMessage.Parse(await peer.ReadAsync(MessageNumber.ChannelOpenFailure));
        Assert.Equal((3u, ChannelOpenFailure.UnknownChannelType), (refusal.RecipientChannel, refusal.Reason));
    }

    [Fact]
    public async Task A_forwarded_channel_to_no_listener_is_refused()
    {
        await using var peer = new RawPeer();
        peer.Send(new TcpipOpenMessage(ChannelOpenMessage.ForwardedTcpip, 3, 1, 1, new("localhost", 2000, "::1", 1)));
        var refusal = ChannelOpenFailureMessage.Parse(await peer.ReadAsync(MessageNumber.ChannelOpenFailure));
        Assert.Equal(ChannelOpenFailure.AdministrativelyProhibited, refusal.Reason);
    }

    [Fact]
    public async Task Extended_data_is_dropped_and_its_window_returned()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window);
        for (var i = 0; i < 10; i++)
        {
            var body = new byte[12 + 2048];
            body[3] = (byte)number;
            body[7] = 1;
            body[10] = 2048 >> 8;
            peer.Send(new RawMessage(MessageNumber.ChannelExtendedData, body));
            Assert.Equal(2048u, ChannelWindowAdjustMessage.Parse(await peer.ReadAsync(MessageNumber.ChannelWindowAdjust)).BytesToAdd);
        }

        Assert.False(channel.Ended.IsCompleted);
    }

    [Fact]
    public async Task An_open_that_nobody_waits_for_any_more_is_closed_when_it_comes()
    {
        await using var peer = new RawPeer();
        using var patience = new CancellationTokenSource();
        var opening = peer.Client.OpenAsync("host", 21, new(0, 0), _window, patience.Token).AsTask();
        var number = ChannelOpenMessage.Parse(await peer.ReadAsync(MessageNumber.ChannelOpen)).SenderChannel;
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        peer.Send(new ChannelOpenConfirmationMessage(number, 9, 1, 1));
        Assert.Equal(9u, ChannelSignalMessage.ParseRecipient(await peer.ReadAsync(MessageNumber.ChannelClose)));
        peer.Send(new ChannelSignalMessage(MessageNumber.ChannelClose, number));
        peer.Send(new KeepAliveMessage());
        await peer.ReadAsync(MessageNumber.RequestFailure);
        var (_, next) = await peer.OpenAsync(_window);
        Assert.Equal(number, next); // the number is free again
    }

    [Fact]
    public async Task A_malformed_message_closes_the_connection()
    {
        await using var peer = new RawPeer();
        peer.Send(new RawMessage(MessageNumber.ChannelOpen, [255, 255, 255, 255]));
        await AssertProtocolErrorAsync(peer, "malformed");
    }

    private static async Task AssertProtocolErrorAsync(RawPeer peer, string inMessage)
    {
        var end = await peer.EndAsync();
        Assert.Equal(SshFailure.ProtocolError, end.Failure);
        Assert.Contains(inMessage, end.Message, StringComparison.Ordinal);
        while (await peer.ReadAsync() is var packet)
        {
            if ((MessageNumber)packet[0] != MessageNumber.Disconnect)
                continue;
            Assert.Equal(DisconnectReason.ProtocolError, DisconnectMessage.Parse(packet).Reason);
            return;
        }
    }
}
