using System.Buffers;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// What waits to be sent, in order. Posting never waits: data is bounded by <see cref="SendSlots"/>, messages by a limit that ends
/// the connection. While keys are exchanged only the transport's own messages pass (RFC 4253, section 7.1).
/// </summary>
internal sealed class SendQueue(ConnectionEnd end)
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    private readonly Lock _gate = new(); // guards the queues and flags; nothing is called under it
    private readonly Queue<OutgoingPacket> _transport = new();
    private readonly Queue<OutgoingPacket> _messages = new();
    private readonly Waiter<bool> _sendLoop = new();
    private int _messageCount;
    private bool _held;
    private bool _completed;

    public SendSlots Slots { get; } = new();

    /// <summary>Queues a message. Dropped when the connection is over.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is larger than a packet.</exception>
    public void Post<T>(in T message)
        where T : IMessage, allows ref struct => Enqueue(Write(message, keyChange: null));

    /// <summary>Queues a filled slot and takes it over.</summary>
    public void PostData(byte[] slot, int length) => Enqueue(new(slot, length, IsData: true, KeyChange: null));

    /// <summary>Sends SSH_MSG_KEXINIT and holds back whatever is not part of the key exchange; gives the message as it is sent.</summary>
    public byte[] BeginKeyExchange(KexInitMessage message)
    {
        var packet = Write(message, keyChange: null);
        var payload = packet.Payload.ToArray();
        lock (_gate)
            _held = true;
        Enqueue(packet);
        return payload;
    }

    /// <summary>Sends SSH_MSG_NEWKEYS; what was held back follows under the new key.</summary>
    public void EndKeyExchange(SendKeyChange keyChange, ExtInfoMessage? extInfo)
    {
        Enqueue(Write(new EmptyMessage(MessageNumber.NewKeys), keyChange));
        // RFC 8308, section 2.4: as the very next packet after SSH_MSG_NEWKEYS.
        if (extInfo is not null)
            Enqueue(Write(extInfo, keyChange: null));
        lock (_gate)
            _held = false;
        _sendLoop.TryComplete(true);
    }

    /// <summary>Nothing more is queued; the send loop sends what it may and ends.</summary>
    public void Complete()
    {
        lock (_gate)
            _completed = true;
        _sendLoop.TryComplete(true);
    }

    /// <summary>For the send loop: completes when there is something to take, with false when there never will be.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_gate)
        {
            if (HasPacket)
                return new(true);
            return _completed ? new(false) : _sendLoop.Arm();
        }
    }

    /// <summary>For the send loop: takes the next packet when its payload fits.</summary>
    public bool TryTake(int maxPayload, out OutgoingPacket packet)
    {
        lock (_gate)
        {
            packet = default;
            if (!HasPacket)
                return false;
            var queue = _transport.Count > 0 ? _transport : _messages;
            if (queue.Peek().Length > maxPayload)
                return false;
            packet = queue.Dequeue();
            if (!packet.IsData)
                _messageCount--;
            return true;
        }
    }

    /// <summary>Nobody sends any more: what is left is wiped, because it may hold a password.</summary>
    public void Discard()
    {
        lock (_gate)
        {
            foreach (var packet in _transport.Concat(_messages).Where(packet => !packet.IsData))
                packet.ReturnMessage();
            _transport.Clear();
            _messages.Clear();
        }
    }

    /// <summary>
    /// RFC 4253, section 7.1: these pass while keys are exchanged. A disconnect does so only then, to come after what was sent before
    /// it; the others of the transport have no hurry.
    /// </summary>
    private bool PassesHold(MessageNumber number) => number is >= MessageNumber.KexInit and < MessageNumber.UserauthRequest
        || (number == MessageNumber.Disconnect && _held);

    private static OutgoingPacket Write<T>(in T message, SendKeyChange? keyChange)
        where T : IMessage, allows ref struct
    {
        // Large enough for every message: a buffer that grows would leave behind the part of a password that was there already.
        var scratch = _scratch ??= new ArrayBufferWriter<byte>(PacketLimits.MaxSentPayload);
        try
        {
            var writer = new SshWriter(scratch);
            writer.WriteByte((byte)message.Number);
            message.Write(writer);
            var length = scratch.WrittenCount;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, PacketLimits.MaxSentPayload);
            var buffer = ArrayPool<byte>.Shared.Rent(length);
            scratch.WrittenSpan.CopyTo(buffer);
            return new(buffer, length, IsData: false, keyChange);
        }
        finally
        {
            scratch.Clear(); // wipes: the message may hold a password; one that was too large must not come before the next
        }
    }

    private bool HasPacket => _transport.Count > 0 || (!_held && _messages.Count > 0);

    private void Enqueue(OutgoingPacket packet)
    {
        bool isFull;
        lock (_gate)
        {
            isFull = !packet.IsData && _messageCount >= PacketLimits.MaxQueuedMessages;
            if (!_completed && !isFull)
            {
                (PassesHold((MessageNumber)packet.Buffer[0]) ? _transport : _messages).Enqueue(packet);
                if (!packet.IsData)
                    _messageCount++;
                packet = default;
            }
        }

        if (isFull)
            end.TryEnd(SshFailure.ProtocolError, "The peer asks for answers and does not read them: too many wait to be sent.");
        if (packet.Buffer is null)
            _sendLoop.TryComplete(true);
        else if (packet.IsData)
            Slots.Return(packet.Buffer);
        else
            packet.ReturnMessage();
    }
}
