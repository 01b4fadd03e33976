using System.Buffers.Binary;
using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// A cipher in counter mode (RFC 4344, section 4) over the whole packet and, beside it, the MAC of the unencrypted packet (RFC 4253,
/// section 6.4), one direction: <c>hmac-sha2-256</c> as RFC 6668 has it. Owns what it is made of.
/// </summary>
/// <remarks>
/// The length must be decrypted before anything is authenticated: whoever alters it learns from when the connection ends what length
/// came out. With a cipher in counter mode that tells him nothing he did not know (Paterson and Watson, 2010), unlike with CBC. All
/// other signs are the same: an impossible length and a wrong MAC end the connection at once and with the same words.
/// </remarks>
internal sealed class CounterAndMac(EvpCipher cipher, PacketMac mac) : IPacketSealer, IPacketOpener
{
    private bool _isFirstBlockOpen; // in the buffer: the stream of key bytes cannot go back

    public int BlockSize => EvpCipher.IvSize;

    public bool LengthIsPadded => true;

    public int TagSize => mac.Size;

    public int LengthPrefix => BlockSize;

    public uint ReadLength(uint sequenceNumber, Span<byte> buffer)
    {
        if (!_isFirstBlockOpen)
            cipher.Apply(buffer[..BlockSize]);
        _isFirstBlockOpen = true;
        return BinaryPrimitives.ReadUInt32BigEndian(buffer);
    }

    public void Seal(uint sequenceNumber, Span<byte> packet)
    {
        mac.Compute(sequenceNumber, packet[..^TagSize], packet[^TagSize..]);
        cipher.Apply(packet[..^TagSize]);
    }

    public bool TryOpen(uint sequenceNumber, Span<byte> packet)
    {
        ReadLength(sequenceNumber, packet);
        _isFirstBlockOpen = false;
        cipher.Apply(packet[BlockSize..^TagSize]);
        return mac.Verify(sequenceNumber, packet[..^TagSize], packet[^TagSize..]);
    }

    public void Dispose()
    {
        cipher.Dispose();
        mac.Dispose();
    }
}
