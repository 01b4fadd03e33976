using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Channels;

public sealed class RemoteListenersTests
{
    private static readonly byte[] _port4000 = [0, 0, 15, 160];

    [Fact]
    public async Task A_listener_granted_after_its_caller_gave_up_is_cancelled()
    {
        await using var peer = new RawPeer();
        using var patience = new CancellationTokenSource();
        var listening = peer.Client.ListenAsync("localhost", 0, _ => { }, patience.Token).AsTask();
        await peer.ReadAsync(MessageNumber.GlobalRequest);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        peer.Send(new RawMessage(MessageNumber.RequestSuccess, _port4000));
        var cancel = GlobalRequestMessage.Parse(await peer.ReadAsync(MessageNumber.GlobalRequest));
        Assert.Equal("cancel-tcpip-forward", cancel.Name);
        Assert.Equal(new ForwardFields("localhost", 4000), ForwardFields.Parse(cancel.Data));
    }

    [Fact]
    public async Task A_connection_right_behind_the_reply_finds_its_listener()
    {
        await using var peer = new RawPeer();
        var offered = new TaskCompletionSource<IOfferedChannel>();
        var listening = peer.Client.ListenAsync("localhost", 0, offered.SetResult, CancellationToken.None).AsTask();
        await peer.ReadAsync(MessageNumber.GlobalRequest);
        peer.Send(new RawMessage(MessageNumber.RequestSuccess, _port4000));
        peer.Send(new TcpipOpenMessage(ChannelOpenMessage.ForwardedTcpip, 1, 1, 1, new("127.0.0.1", 4000, "10.0.0.1", 5)));
        var offer = await offered.Task.WaitAsync(MemoryPair.Bound); // found by its port: the server names another address
        offer.Refuse(ChannelOpenFailure.ResourceShortage, "busy");
        Assert.Throws<InvalidOperationException>(() => offer.Accept(MemoryPair.Window));
        Assert.Equal(4000, (await listening.WaitAsync(MemoryPair.Bound)).Port);
        await peer.ReadAsync(MessageNumber.ChannelOpenFailure);
    }

    [Fact]
    public async Task A_connection_finds_its_listener_until_the_cancellation_is_answered()
    {
        await using var peer = new RawPeer();
        var offers = System.Threading.Channels.Channel.CreateUnbounded<IOfferedChannel>();
        var listening = peer.Client.ListenAsync("localhost", 0, offer => offers.Writer.TryWrite(offer), CancellationToken.None).AsTask();
        await peer.ReadAsync(MessageNumber.GlobalRequest);
        peer.Send(new RawMessage(MessageNumber.RequestSuccess, _port4000));
        var listener = await listening.WaitAsync(MemoryPair.Bound);
        var cancelling = listener.DisposeAsync().AsTask();
        await peer.ReadAsync(MessageNumber.GlobalRequest);

        peer.Send(new TcpipOpenMessage(ChannelOpenMessage.ForwardedTcpip, 1, 1, 1, new("localhost", 4000, "10.0.0.1", 5)));
        (await offers.Reader.ReadAsync().AsTask().WaitAsync(MemoryPair.Bound)).Refuse(ChannelOpenFailure.ConnectFailed, "late");
        await peer.ReadAsync(MessageNumber.ChannelOpenFailure);

        peer.Send(new EmptyMessage(MessageNumber.RequestSuccess));
        await cancelling.WaitAsync(MemoryPair.Bound);
        peer.Send(new TcpipOpenMessage(ChannelOpenMessage.ForwardedTcpip, 2, 1, 1, new("localhost", 4000, "10.0.0.1", 5)));
        var refusal = ChannelOpenFailureMessage.Parse(await peer.ReadAsync(MessageNumber.ChannelOpenFailure));
        Assert.Equal(ChannelOpenFailure.AdministrativelyProhibited, refusal.Reason);
        Assert.False(offers.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Whoever_waits_for_an_answer_that_is_malformed_hears_of_the_connections_end()
    {
        await using var peer = new RawPeer();
        var listening = peer.Client.ListenAsync("localhost", 0, _ => { }, CancellationToken.None).AsTask();
        await peer.ReadAsync(MessageNumber.GlobalRequest);
        peer.Send(new RawMessage(MessageNumber.RequestSuccess, []));
        var exception = await Assert.ThrowsAsync<SshException>(() => listening.WaitAsync(MemoryPair.Bound));
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
    }

    [Fact]
    public async Task A_request_that_is_too_large_does_not_take_the_reply_of_the_next()
    {
        await using var peer = new RawPeer();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => peer.Client.ListenAsync(
            new('a', PacketLimits.MaxSentPayload), 0, _ => { }, CancellationToken.None).AsTask());
        var ping = peer.Client.PingAsync(CancellationToken.None).AsTask();
        await peer.ReadAsync(MessageNumber.GlobalRequest);
        peer.Send(new EmptyMessage(MessageNumber.RequestFailure));
        await ping.WaitAsync(MemoryPair.Bound);
    }

    [Fact]
    public async Task Whoever_waits_for_an_answer_hears_of_the_connections_end()
    {
        await using var peer = new RawPeer();
        var ping = peer.Client.PingAsync(CancellationToken.None).AsTask();
        var listening = peer.Client.ListenAsync("localhost", 0, _ => { }, CancellationToken.None).AsTask();
        peer.Send(new RawMessage(MessageNumber.ChannelOpen, []));
        await Assert.ThrowsAsync<SshException>(() => ping.WaitAsync(MemoryPair.Bound));
        await Assert.ThrowsAsync<SshException>(() => listening.WaitAsync(MemoryPair.Bound));
        await Assert.ThrowsAsync<SshException>(() => peer.Client.PingAsync(CancellationToken.None).AsTask());
    }
}
