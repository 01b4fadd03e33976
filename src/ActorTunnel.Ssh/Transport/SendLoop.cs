using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Protection;

namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// Takes packets from the queue, seals as many as fit side by side in one buffer, and writes them with one call. Owns the outgoing
/// key and sequence number. The one copy into the buffer costs less than a write for each packet; an idle connection holds none.
/// </summary>
internal sealed class SendLoop(Stream stream, SendQueue queue, ConnectionEnd end, TimeProvider time) : IDisposable
{
    private IPacketSealer _sealer = new PlainProtection();
    private uint _sequenceNumber;

    /// <summary>For tests: as if so many packets had been sent.</summary>
    public uint FirstSequenceNumber
    {
        init => _sequenceNumber = value;
    }

    public TrafficCounter Traffic { get; } = new(time);

    /// <summary>Set by the key exchange layer: called on this loop after packets were sealed.</summary>
    public Action? Sent { get; set; }

    /// <summary>Ends when the queue is completed and empty, or when the stream breaks.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await queue.WaitAsync().ConfigureAwait(false))
            {
                var buffer = ArrayPool<byte>.Shared.Rent(PacketLimits.SendBufferSize);
                for (var length = Fill(buffer); length > 0; length = Fill(buffer))
                    await stream.WriteAsync(buffer.AsMemory(0, length), CancellationToken.None).ConfigureAwait(false);
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever stopped it: the loop must not stop without an end, and nobody above sees its task.
            end.TryEnd(SshFailure.ConnectionLost, $"The SSH connection broke: {exception.Message}");
        }
    }

    /// <summary>Only when the loop has ended: the key is in use until then.</summary>
    public void Dispose() => _sealer.Dispose();

    private int Fill(byte[] buffer)
    {
        var filled = 0;
        while (queue.TryTake(MaxPayload(buffer.Length - filled), out var packet))
        {
            filled += Seal(packet.Payload, buffer.AsSpan(filled));
            if (packet.IsData)
                queue.Slots.Return(packet.Buffer);
            else
                packet.ReturnMessage();
            if (packet.KeyChange is { } change)
                ChangeKey(change);
        }

        if (filled > 0)
            Sent?.Invoke();
        return filled;
    }

    private static int MaxPayload(int room) => room - PacketLimits.HeaderSize - PacketLimits.MaxTagSize - byte.MaxValue;

    // RFC 4253, section 6
    //   uint32    packet_length
    //   byte      padding_length
    //   byte[n1]  payload; n1 = packet_length - padding_length - 1
    //   byte[n2]  random padding; n2 = padding_length
    //   byte[m]   mac (Message Authentication Code - MAC); m = mac_length
    private int Seal(ReadOnlySpan<byte> payload, Span<byte> buffer)
    {
        var padded = (_sealer.LengthIsPadded ? PacketLimits.HeaderSize : 1) + payload.Length;
        var padding = _sealer.BlockSize - (padded % _sealer.BlockSize);
        if (padding < PacketLimits.MinPadding)
            padding += _sealer.BlockSize;
        var length = 1 + payload.Length + padding;
        BinaryPrimitives.WriteInt32BigEndian(buffer, length);
        buffer[4] = (byte)padding;
        payload.CopyTo(buffer[PacketLimits.HeaderSize..]);
        RandomNumberGenerator.Fill(buffer.Slice(PacketLimits.HeaderSize + payload.Length, padding));

        var size = 4 + length + _sealer.TagSize;
        _sealer.Seal(_sequenceNumber, buffer[..size]);
        _sequenceNumber = unchecked(_sequenceNumber + 1);
        if (!Traffic.TryAdd(size))
            throw new InvalidOperationException("2^32 packets were sent under one key."); // the exchange that is due long before holds them
        return size;
    }

    private void ChangeKey(SendKeyChange change)
    {
        _sealer.Dispose();
        _sealer = change.Sealer;
        if (change.ResetSequenceNumber)
            _sequenceNumber = 0;
        Traffic.Reset(change.Sealer.BlockSize);
    }
}
