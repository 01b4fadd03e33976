using System.Buffers.Binary;
using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// A cipher in counter mode (RFC 4344, section 4), then the MAC over what it made, one direction: <c>hmac-sha2-256-etm@openssh.com</c>
/// (OpenSSH's PROTOCOL, section 1.5). The length field stays in the clear and is authenticated; nothing is decrypted before that.
/// Owns what it is made of.
/// </summary>
internal sealed class CounterThenMac(EvpCipher cipher, PacketMac mac) : IPacketSealer, IPacketOpener
{
    private const int LengthSize = sizeof(uint);

    public int BlockSize => EvpCipher.IvSize;

    public bool LengthIsPadded => false;

    public int TagSize => mac.Size;

    public int LengthPrefix => LengthSize;

    public uint ReadLength(uint sequenceNumber, Span<byte> buffer) => BinaryPrimitives.ReadUInt32BigEndian(buffer);

    public void Seal(uint sequenceNumber, Span<byte> packet)
    {
        cipher.Apply(packet[LengthSize..^TagSize]);
        mac.Compute(sequenceNumber, packet[..^TagSize], packet[^TagSize..]);
    }

    public bool TryOpen(uint sequenceNumber, Span<byte> packet)
    {
        if (!mac.Verify(sequenceNumber, packet[..^TagSize], packet[^TagSize..]))
            return false;
        cipher.Apply(packet[LengthSize..^TagSize]);
        return true;
    }

    public void Dispose()
    {
        cipher.Dispose();
        mac.Dispose();
    }
}
