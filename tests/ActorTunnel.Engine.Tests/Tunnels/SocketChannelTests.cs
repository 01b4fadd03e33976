using System.Buffers;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>A socket keeps the contract of a channel, and says more of how it ended.</summary>
public sealed class SocketChannelTests
{
    private static readonly ChannelWindow _window = new(64 * 1024, 64 * 1024);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Bytes_go_both_ways_and_each_way_ends_by_itself()
    {
        var (channel, far) = await OpenAsync();
        using var _ = far;
        using var near = new ChannelStream(channel);
        await near.WriteAsync("question"u8.ToArray());
        await near.CompleteWritesAsync();
        Assert.Equal("question"u8.ToArray(), await far.ReadToFinAsync());

        await far.SendAsync("answer"u8.ToArray());
        far.Finish();

        Assert.Equal("answer"u8.ToArray(), await ReadAsync(near));
        Assert.Equal(ChannelEnd.Finished, await channel.Ended.Soon());
    }

    [Fact]
    public async Task The_far_side_may_finish_first()
    {
        var (channel, far) = await OpenAsync();
        using var _ = far;
        using var near = new ChannelStream(channel);
        far.Finish();
        Assert.Empty(await ReadAsync(near));
        Assert.False(channel.Ended.IsCompleted);

        await near.WriteAsync("late"u8.ToArray());
        await near.CompleteWritesAsync();

        Assert.Equal("late"u8.ToArray(), await far.ReadToFinAsync());
        Assert.Equal(ChannelEnd.Finished, await channel.Ended.Soon());
    }

    [Fact]
    public async Task A_reset_is_never_an_end_of_file()
    {
        var (channel, far) = await OpenAsync();
        using var near = new ChannelStream(channel);
        await far.SendAsync("half a fi"u8.ToArray());
        await near.ReadExactlyAsync(new byte[9]).Soon();

        far.Reset();

        await Assert.ThrowsAsync<IOException>(async () => await near.ReadAsync(new byte[1]).Soon());
        Assert.Equal(ChannelEnd.ClosedByPeer, await channel.Ended.Soon());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reset_that_a_send_has_heard_of_is_none_either(bool afterItsEnd)
    {
        var (channel, far) = await OpenAsync();
        using var near = new ChannelStream(channel);
        if (afterItsEnd)
        {
            far.Finish();
            Assert.Empty(await ReadAsync(near));
        }

        far.Reset();
        var writing = async () =>
        {
            while (true)
                await near.WriteAsync(new byte[1000]).Soon();
        };

        await Assert.ThrowsAsync<IOException>(writing);
        Assert.Equal(ChannelEnd.ClosedByPeer, await channel.Ended.Soon());
    }

    [Fact]
    public async Task A_reset_after_this_side_s_end_of_file_is_none_either()
    {
        var (channel, far) = await OpenAsync();
        using var near = new ChannelStream(channel);
        await near.CompleteWritesAsync();
        Assert.Empty(await far.ReadToFinAsync());

        far.Reset();

        await Assert.ThrowsAsync<IOException>(async () => await near.ReadAsync(new byte[1]).Soon());
        Assert.Equal(ChannelEnd.ClosedByPeer, await channel.Ended.Soon());
    }

    [Fact]
    public async Task Aborting_is_a_reset()
    {
        var (channel, far) = await OpenAsync();
        using var _ = far;
        await SendAsync(channel, "half a fi"u8.ToArray());

        channel.Abort();

        await far.ExpectResetAsync();
        Assert.Equal(ChannelEnd.Aborted, await channel.Ended.Soon());
    }

    [Fact]
    public async Task Aborting_after_this_side_s_end_turns_away_what_still_comes()
    {
        var (channel, far) = await OpenAsync();
        using var _ = far;
        channel.SendEof();
        Assert.Empty(await far.ReadToFinAsync());

        channel.Abort();

        var sending = async () =>
        {
            while (true)
                await far.SendAsync(new byte[1000]);
        };
        await Assert.ThrowsAsync<SocketException>(sending);
    }

    [Fact]
    public async Task Aborting_what_has_finished_loses_nothing()
    {
        var (channel, far) = await OpenAsync(buffer: 4 * 1024);
        using var _ = far;
        channel.Attach(new Glutton());
        var sent = RandomNumberGenerator.GetBytes(8_000_000);
        far.Finish();
        var reading = far.ReadToFinAsync();
        await SendAsync(channel, sent);
        channel.SendEof();
        Assert.Equal(ChannelEnd.Finished, await channel.Ended.Soon());

        channel.Abort();

        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(await reading));
    }

    [Fact]
    public async Task Aborting_at_the_far_side_s_end_of_file_loses_nothing_either()
    {
        var (channel, far) = await OpenAsync(buffer: 4 * 1024);
        using var _ = far;
        var sent = RandomNumberGenerator.GetBytes(32 * 1024);
        await SendAsync(channel, sent);
        channel.SendEof();
        channel.Attach(new Aborting(channel)); // A session ends when it hears of the second end.

        far.Finish();
        Assert.Equal(ChannelEnd.Finished, await channel.Ended.Soon());

        Assert.Equal(sent, await far.ReadToFinAsync());
    }

    [Fact]
    public async Task Who_does_not_take_the_last_bytes_is_waited_for_a_minute()
    {
        var (channel, far) = await OpenAsync(buffer: 4 * 1024);
        using var _ = far;
        channel.Attach(new Glutton());
        far.Finish();
        var waiting = await FillAsync(channel);
        channel.SendEof();
        Assert.Equal(ChannelEnd.Finished, await channel.Ended.Soon());

        await _time.ElapseAsync(TimeSpan.FromSeconds(60));

        // The wait ends with the reset: who reads before that may yet take the last bytes.
        await Assert.ThrowsAsync<SshException>(async () => await waiting.Soon());
        await far.ExpectResetAsync();
    }

    [Fact]
    public async Task No_more_is_taken_than_the_window_and_the_rest_when_it_is_returned()
    {
        var (channel, far) = await OpenAsync();
        using var _ = far;
        var sink = new Glutton();
        channel.Attach(sink);
        var sent = RandomNumberGenerator.GetBytes(300_000);
        await far.SendAsync(sent);
        far.Finish();
        await Patience.UntilAsync(() => sink.Count == _window.Initial, "the window used up");
        Assert.False(sink.IsEof);

        while (!sink.IsEof)
        {
            var more = sink.Count;
            channel.Credit(10_000);
            await Patience.UntilAsync(() => sink.Count > more || sink.IsEof, "the rest");
        }

        Assert.Equal(sent, sink.Bytes);
    }

    [Fact]
    public async Task A_far_side_that_does_not_read_holds_the_sender_back()
    {
        var (channel, far) = await OpenAsync(buffer: 4 * 1024);
        using var _ = far;
        var waiting = await FillAsync(channel);

        channel.Abort();

        await Assert.ThrowsAsync<SshException>(async () => await waiting.Soon());
    }

    [Fact]
    public async Task A_packet_that_stays_empty_is_given_back_and_nothing_is_sent_behind_the_end()
    {
        var (channel, far) = await OpenAsync();
        using var _ = far;
        await channel.RentSendAsync(CancellationToken.None).Soon();
        channel.Commit(0);
        await SendAsync(channel, "abc"u8.ToArray());
        channel.SendEof();
        channel.SendEof();

        await Assert.ThrowsAsync<SshException>(async () => await channel.RentSendAsync(CancellationToken.None).Soon());
        Assert.Equal("abc"u8.ToArray(), await far.ReadToFinAsync());
        channel.Abort();
    }

    private async Task<(SocketChannel Channel, DataSocket Far)> OpenAsync(int? buffer = null)
    {
        var (far, socket) = await DataSocket.PairAsync(buffer: buffer);
        return (new SocketChannel(socket, _window, _time), far);
    }

    private static async Task SendAsync(SocketChannel channel, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var space = await channel.RentSendAsync(CancellationToken.None).Soon();
            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            channel.Commit(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Until one packet waits for the socket: the result is the wait for the next.</summary>
    private static async Task<Task<Memory<byte>>> FillAsync(SocketChannel channel)
    {
        while (true)
        {
            var rent = channel.RentSendAsync(CancellationToken.None).AsTask();
            if (!rent.IsCompleted)
                return rent;
            channel.Commit((await rent).Length);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes).Soon();
        return bytes.ToArray();
    }

    private sealed class Aborting(SocketChannel channel) : IChannelSink
    {
        public int Accept(ReadOnlySpan<byte> data) => data.Length;

        public void Eof() => channel.Abort();
    }

    /// <summary>Keeps everything, and returns no window by itself.</summary>
    private sealed class Glutton : IChannelSink
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private volatile bool _isEof;
        private volatile int _count;

        public int Count => _count;

        public bool IsEof => _isEof;

        public byte[] Bytes => _bytes.WrittenSpan.ToArray();

        public int Accept(ReadOnlySpan<byte> data)
        {
            _bytes.Write(data);
            _count += data.Length;
            return 0;
        }

        public void Eof() => _isEof = true;
    }
}
