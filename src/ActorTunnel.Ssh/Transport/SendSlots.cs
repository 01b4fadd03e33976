using System.Buffers;
using System.Runtime.CompilerServices;
using ActorTunnel.Ssh.Messages;

namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// The buffers in which channels fill data packets: a bounded number per connection, so that a connection that does not get rid of
/// its packets stops its senders. Whoever waits is served in the order of asking.
/// </summary>
internal sealed class SendSlots
{
    private const int SlotSize = ChannelDataHeader.Size + PacketLimits.MaxChannelData;

    private readonly Lock _gate = new(); // guards all below; nothing is called under it
    private readonly Queue<Waiter<byte[]>> _waiting = new();
    private readonly Stack<Waiter<byte[]>> _spareWaiters = new();
    private int _rented;
    private SshException? _closed;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<byte[]> RentAsync(CancellationToken cancellationToken)
    {
        Waiter<byte[]> waiter;
        ValueTask<byte[]> handedOver;
        lock (_gate)
        {
            if (_closed is not null)
                throw new SshException(_closed.Failure, _closed.Message);
            if (_rented < PacketLimits.MaxRentedSlots)
            {
                _rented++;
                return ArrayPool<byte>.Shared.Rent(SlotSize);
            }

            waiter = _spareWaiters.TryPop(out var spare) ? spare : new();
            handedOver = waiter.Arm();
            _waiting.Enqueue(waiter);
        }

        byte[] slot;
        using (cancellationToken.UnsafeRegister(
            static (state, token) => ((Waiter<byte[]>)state!).TryFail(new OperationCanceledException(token)), waiter))
        {
            slot = await handedOver.ConfigureAwait(false);
        }

        // A waiter that failed is left to the garbage collector: the queue may still know it.
        lock (_gate)
            _spareWaiters.Push(waiter);
        return slot;
    }

    public void Return(byte[] slot)
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var waiter))
            {
                if (waiter.TryComplete(slot))
                    return;
            }

            _rented--;
        }

        ArrayPool<byte>.Shared.Return(slot);
    }

    /// <summary>The connection is over: all waiting, and all to come, fail.</summary>
    public void Close(SshException cause)
    {
        lock (_gate)
        {
            _closed ??= cause;
            while (_waiting.TryDequeue(out var waiter))
                waiter.TryFail(new SshException(cause.Failure, cause.Message));
        }
    }
}
