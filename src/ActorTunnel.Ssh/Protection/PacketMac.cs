using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// HMAC (RFC 2104) over a packet, one direction: <c>mac = MAC(key, sequence_number || packet)</c> (RFC 4253, section 6.4). The number
/// is a uint32 and is never sent.
/// </summary>
internal sealed class PacketMac(HashAlgorithmName hash, ReadOnlySpan<byte> key) : IDisposable
{
    private readonly IncrementalHash _hmac = IncrementalHash.CreateHMAC(hash, key);

    public int Size => _hmac.HashLengthInBytes;

    public void Compute(uint sequenceNumber, ReadOnlySpan<byte> packet, Span<byte> mac)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, sequenceNumber);
        _hmac.AppendData(number);
        _hmac.AppendData(packet);
        _hmac.GetHashAndReset(mac);
    }

    public bool Verify(uint sequenceNumber, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[Size];
        Compute(sequenceNumber, packet, expected);
        return CryptographicOperations.FixedTimeEquals(expected, mac);
    }

    public void Dispose() => _hmac.Dispose();
}
