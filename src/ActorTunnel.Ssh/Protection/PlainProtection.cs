using System.Buffers.Binary;

namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// No protection: packets before the first SSH_MSG_NEWKEYS (RFC 4253, section 6: padded to 8 bytes, without encryption and MAC).
/// </summary>
internal sealed class PlainProtection : IPacketSealer, IPacketOpener
{
    public int BlockSize => 8;

    public bool LengthIsPadded => true;

    public int TagSize => 0;

    public int LengthPrefix => sizeof(uint);

    public uint ReadLength(uint sequenceNumber, Span<byte> buffer) => BinaryPrimitives.ReadUInt32BigEndian(buffer);

    public void Seal(uint sequenceNumber, Span<byte> packet)
    {
    }

    public bool TryOpen(uint sequenceNumber, Span<byte> packet) => true;

    public void Dispose()
    {
    }
}
