using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Transport;

public sealed class SendQueueTests
{
    private readonly ConnectionEnd _end = new();
    private readonly SendQueue _queue;

    public SendQueueTests() => _queue = new(_end);

    [Fact]
    public void While_keys_are_exchanged_only_the_exchange_passes()
    {
        _queue.Post(new ChannelWindowAdjustMessage(1, 1));
        _queue.BeginKeyExchange(new Proposal(SshRole.Client, ["c"], ["h"]).ToMessage(isFirst: false));
        _queue.Post(new ServiceRequestMessage("s"));
        _queue.Post(new KexEcdhInitMessage("Q"u8));
        Assert.Equal([MessageNumber.KexInit, MessageNumber.KexEcdhInit], TakeAll());
        _queue.EndKeyExchange(new(new PlainProtection(), false), extInfo: null);
        Assert.Equal([MessageNumber.NewKeys, MessageNumber.ChannelWindowAdjust, MessageNumber.ServiceRequest], TakeAll());
    }

    [Fact]
    public void A_disconnect_comes_after_what_was_sent_but_does_not_wait_for_a_key_exchange()
    {
        _queue.Post(new ChannelWindowAdjustMessage(1, 1));
        _queue.Post(new DisconnectMessage(DisconnectReason.ByApplication, ""));
        Assert.Equal([MessageNumber.ChannelWindowAdjust, MessageNumber.Disconnect], TakeAll());
        _queue.BeginKeyExchange(new Proposal(SshRole.Client, ["c"], ["h"]).ToMessage(isFirst: false));
        _queue.Post(new ChannelWindowAdjustMessage(1, 1));
        _queue.Post(new DisconnectMessage(DisconnectReason.ByApplication, ""));
        Assert.Equal([MessageNumber.KexInit, MessageNumber.Disconnect], TakeAll());
    }

    [Fact]
    public async Task Messages_beyond_the_bound_end_the_connection()
    {
        for (var i = 0; i < PacketLimits.MaxQueuedMessages; i++)
            _queue.Post(new EmptyMessage(MessageNumber.RequestFailure));
        Assert.False(_end.Cause.IsCompleted);
        _queue.Post(new EmptyMessage(MessageNumber.RequestFailure));
        Assert.Equal(SshFailure.ProtocolError, (await _end.Cause.WaitAsync(TimeSpan.FromSeconds(20))).Failure);
    }

    [Fact]
    public async Task Slots_are_bounded_and_handed_over_in_the_order_of_asking()
    {
        var slots = _queue.Slots;
        var rented = new List<byte[]>();
        for (var i = 0; i < PacketLimits.MaxRentedSlots; i++)
            rented.Add(await slots.RentAsync(CancellationToken.None));
        using var patience = new CancellationTokenSource();
        var first = slots.RentAsync(CancellationToken.None).AsTask();
        var givenUp = slots.RentAsync(patience.Token).AsTask();
        var second = slots.RentAsync(CancellationToken.None).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        slots.Return(rented[0]);
        Assert.Same(rented[0], await first.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.False(second.IsCompleted);
        slots.Return(rented[1]);
        Assert.Same(rented[1], await second.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_closed_connection_has_no_slots()
    {
        var slots = _queue.Slots;
        for (var i = 0; i < PacketLimits.MaxRentedSlots; i++)
            await slots.RentAsync(CancellationToken.None);
        var waiting = slots.RentAsync(CancellationToken.None).AsTask();
        slots.Close(new(SshFailure.ConnectionLost, "gone"));
        await Assert.ThrowsAsync<SshException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(20)));
        await Assert.ThrowsAsync<SshException>(() => slots.RentAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public void A_message_that_is_too_large_leaves_nothing_behind_for_the_next()
    {
        var tooLarge = new RawMessage(MessageNumber.UserauthRequest, new byte[PacketLimits.MaxSentPayload]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _queue.Post(tooLarge));
        _queue.Post(new EmptyMessage(MessageNumber.RequestFailure));
        Assert.Equal([MessageNumber.RequestFailure], TakeAll());
    }

    private List<MessageNumber> TakeAll()
    {
        var taken = new List<MessageNumber>();
        while (_queue.TryTake(int.MaxValue, out var packet))
            taken.Add((MessageNumber)packet.Payload[0]);
        return taken;
    }
}
