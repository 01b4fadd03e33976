using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Channels;

public sealed class ChannelStreamTests
{
    [Fact]
    public async Task A_finished_channel_is_not_cut_off_when_its_end_overtakes_its_end_of_file()
    {
        var channel = new EndingChannel();
        await using var stream = new ChannelStream(channel);
        var reading = stream.ReadAsync(new byte[1]).AsTask();
        channel.End(ChannelEnd.Finished); // this side's end-of-file, sent while the receive loop is about to tell the peer's
        Assert.Equal(0, await reading.WaitAsync(MemoryPair.Bound));
    }

    [Theory]
    [InlineData(ChannelEnd.ClosedByPeer)]
    [InlineData(ChannelEnd.ConnectionLost)]
    public async Task A_channel_that_ended_otherwise_was_cut_off(ChannelEnd end)
    {
        var channel = new EndingChannel();
        await using var stream = new ChannelStream(channel);
        var reading = stream.ReadAsync(new byte[1]).AsTask();
        channel.End(end);
        await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(MemoryPair.Bound));
    }

    /// <summary>Does nothing but end.</summary>
    private sealed class EndingChannel : ITunnelChannel
    {
        private readonly TaskCompletionSource<ChannelEnd> _ended = new();

        public Task<ChannelEnd> Ended => _ended.Task;

        public void End(ChannelEnd end) => _ended.SetResult(end);

        public void Attach(IChannelSink sink)
        {
        }

        public void Credit(int bytes)
        {
        }

        public ValueTask<Memory<byte>> RentSendAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Commit(int bytes) => throw new NotSupportedException();

        public void SendEof()
        {
        }

        public void Abort()
        {
        }
    }
}
