using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Channels;

public sealed class TunnelChannelTests
{
    private static readonly ChannelWindow _window = new(4096, 4096);

    [Fact]
    public async Task Bytes_and_end_of_file_before_attach_are_delivered_first()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window);
        peer.SendData(number, 100);
        peer.SendData(number, 200);
        peer.Send(new ChannelSignalMessage(MessageNumber.ChannelEof, number));
        peer.Send(new KeepAliveMessage());
        await peer.ReadAsync(MessageNumber.RequestFailure); // the loop has seen all of it
        var sink = new RecordingSink();
        channel.Attach(sink);
        Assert.Equal(300, sink.Received);
        Assert.True(sink.IsEof);
    }

    [Fact]
    public async Task Close_follows_when_both_ends_of_file_were_exchanged_and_not_before()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window);
        channel.Attach(new RecordingSink());
        channel.SendEof();
        Assert.Equal(7u, ChannelSignalMessage.ParseRecipient(await peer.ReadAsync(MessageNumber.ChannelEof)));
        peer.SendData(number, 4096);
        await peer.ReadAsync(MessageNumber.ChannelWindowAdjust); // the other direction stays open
        Assert.False(channel.Ended.IsCompleted);
        peer.Send(new ChannelSignalMessage(MessageNumber.ChannelEof, number));
        await peer.ReadAsync(MessageNumber.ChannelClose);
        Assert.Equal(ChannelEnd.Finished, await channel.Ended.WaitAsync(MemoryPair.Bound));
    }

    [Fact]
    public async Task A_close_without_end_of_file_is_told_apart_and_answered()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window);
        await using var stream = new ChannelStream(channel);
        peer.SendData(number, 10);
        peer.Send(new ChannelSignalMessage(MessageNumber.ChannelClose, number));
        await peer.ReadAsync(MessageNumber.ChannelClose);
        Assert.Equal(ChannelEnd.ClosedByPeer, await channel.Ended.WaitAsync(MemoryPair.Bound));
        await stream.ReadExactlyAsync(new byte[10]);
        await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1]));
        await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(new byte[1]));
    }

    [Fact]
    public async Task A_sender_waits_for_the_window_and_never_sends_more()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window, sendWindow: 10, maxPacket: 6);
        await using var stream = new ChannelStream(channel);
        var writing = stream.WriteAsync(new byte[15]).AsTask();
        Assert.Equal(6, await DataLengthAsync(peer));
        Assert.Equal(4, await DataLengthAsync(peer));
        Assert.False(writing.IsCompleted);
        peer.Send(new ChannelWindowAdjustMessage(number, 100));
        Assert.Equal(5, await DataLengthAsync(peer));
        await writing.WaitAsync(MemoryPair.Bound);
    }

    [Fact]
    public async Task A_sender_that_waits_fails_when_the_channel_ends()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window, sendWindow: 0);
        var renting = channel.RentSendAsync(CancellationToken.None).AsTask();
        peer.Send(new ChannelSignalMessage(MessageNumber.ChannelClose, number));
        await Assert.ThrowsAsync<SshException>(() => renting.WaitAsync(MemoryPair.Bound));
    }

    [Fact]
    public async Task A_wait_for_the_window_can_be_given_up_and_taken_up_again()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window, sendWindow: 0);
        for (var i = 0; i < 100; i++)
        {
            using var patience = new CancellationTokenSource();
            var renting = channel.RentSendAsync(patience.Token).AsTask();
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => renting.WaitAsync(MemoryPair.Bound));
        }

        var last = channel.RentSendAsync(CancellationToken.None).AsTask();
        peer.Send(new ChannelWindowAdjustMessage(number, 1));
        Assert.Equal(1, (await last.WaitAsync(MemoryPair.Bound)).Length);
    }

    [Fact]
    public async Task An_aborted_channel_drops_what_was_on_its_way()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window);
        var sink = new RecordingSink();
        channel.Attach(sink);
        channel.Abort();
        await peer.ReadAsync(MessageNumber.ChannelClose);
        peer.SendData(number, 100);
        peer.Send(new ChannelSignalMessage(MessageNumber.ChannelClose, number));
        peer.Send(new KeepAliveMessage());
        await peer.ReadAsync(MessageNumber.RequestFailure);
        Assert.Equal(0, sink.Received);
        Assert.Equal(ChannelEnd.Aborted, await channel.Ended.WaitAsync(MemoryPair.Bound));
    }

    [Fact]
    public async Task What_a_sink_does_not_take_owes_window_until_it_is_credited()
    {
        await using var peer = new RawPeer();
        var (channel, number) = await peer.OpenAsync(_window);
        channel.Attach(new RecordingSink { TakesNow = 1000 });
        peer.SendData(number, 4096);
        peer.Send(new KeepAliveMessage());
        await peer.ReadAsync(MessageNumber.RequestFailure); // 1000 bytes are less than half of the window: nothing is granted yet
        channel.Credit(3096);
        Assert.Equal(4096u, ChannelWindowAdjustMessage.Parse(await peer.ReadAsync(MessageNumber.ChannelWindowAdjust)).BytesToAdd);
        Assert.Throws<ArgumentOutOfRangeException>(() => channel.Credit(1));
    }

    [Fact]
    public async Task A_second_receiver_is_an_error()
    {
        await using var peer = new RawPeer();
        var (channel, _) = await peer.OpenAsync(_window);
        channel.Attach(new RecordingSink());
        Assert.Throws<InvalidOperationException>(() => channel.Attach(new RecordingSink()));
    }

    private static async Task<int> DataLengthAsync(RawPeer peer)
    {
        Assert.Equal(7u, ChannelDataHeader.Parse(await peer.ReadAsync(MessageNumber.ChannelData), out var data));
        return data.Length;
    }

    private sealed class RecordingSink : IChannelSink
    {
        public int TakesNow { get; init; } = int.MaxValue;

        public int Received { get; private set; }

        public bool IsEof { get; private set; }

        public int Accept(ReadOnlySpan<byte> data)
        {
            Received += data.Length;
            return Math.Min(TakesNow, data.Length);
        }

        public void Eof() => IsEof = true;
    }
}
