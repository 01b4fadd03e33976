using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// <c>chacha20-poly1305@openssh.com</c>, one direction (OpenSSH's PROTOCOL.chacha20poly1305). The length field is encrypted under a
/// key of its own, so that reading it before the packet is authenticated tells nothing about the rest.
/// </summary>
/// <remarks>
/// The nonce is the packet's sequence number as a uint64. Strict key exchange begins it anew with each key; otherwise no key lives
/// long enough for it to go round. Key material:
/// <code>
/// byte[32]  K_2, for the payload; its block 0 makes the Poly1305 key, the payload starts at block 1
/// byte[32]  K_1, for the length
/// </code>
/// </remarks>
internal sealed class ChaChaPolyProtection : IPacketSealer, IPacketOpener
{
    public const int KeySize = 64;

    private const int LengthSize = sizeof(uint);
    private const int KeyBlockSize = 64; // of ChaCha20

    private readonly EvpCipher _payload;
    private readonly EvpCipher _length;
    private readonly Poly1305 _mac = new();

    public ChaChaPolyProtection(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize);
        _payload = EvpCipher.ChaCha20(key[..(KeySize / 2)]);
        _length = EvpCipher.ChaCha20(key[(KeySize / 2)..]);
    }

    public static bool IsSupported => EvpCipher.IsChaCha20Supported && Poly1305.IsSupported;

    public int BlockSize => 8;

    public bool LengthIsPadded => false;

    public int TagSize => Poly1305.TagSize;

    public int LengthPrefix => LengthSize;

    public uint ReadLength(uint sequenceNumber, Span<byte> buffer)
    {
        Span<byte> length = stackalloc byte[LengthSize];
        buffer[..LengthSize].CopyTo(length);
        Restart(_length, sequenceNumber);
        _length.Apply(length);
        return BinaryPrimitives.ReadUInt32BigEndian(length);
    }

    public void Seal(uint sequenceNumber, Span<byte> packet)
    {
        Restart(_length, sequenceNumber);
        _length.Apply(packet[..LengthSize]);
        Span<byte> macKey = stackalloc byte[KeyBlockSize];
        StartPayload(sequenceNumber, macKey);
        _payload.Apply(packet[LengthSize..^TagSize]);
        _mac.Compute(macKey[..Poly1305.KeySize], packet[..^TagSize], packet[^TagSize..]);
        CryptographicOperations.ZeroMemory(macKey);
    }

    public bool TryOpen(uint sequenceNumber, Span<byte> packet)
    {
        Span<byte> macKey = stackalloc byte[KeyBlockSize];
        Span<byte> expected = stackalloc byte[Poly1305.TagSize];
        StartPayload(sequenceNumber, macKey);
        _mac.Compute(macKey[..Poly1305.KeySize], packet[..^TagSize], expected);
        CryptographicOperations.ZeroMemory(macKey);
        if (!CryptographicOperations.FixedTimeEquals(expected, packet[^TagSize..]))
            return false;
        _payload.Apply(packet[LengthSize..^TagSize]);
        return true;
    }

    public void Dispose()
    {
        _payload.Dispose();
        _length.Dispose();
        _mac.Dispose();
    }

    // Lays block 0 over the zeros in macKey; what follows is block 1.
    private void StartPayload(uint sequenceNumber, Span<byte> macKey)
    {
        Restart(_payload, sequenceNumber);
        macKey.Clear();
        _payload.Apply(macKey);
    }

    private static void Restart(EvpCipher cipher, uint sequenceNumber)
    {
        Span<byte> iv = stackalloc byte[EvpCipher.IvSize];
        iv.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(iv[sizeof(ulong)..], sequenceNumber);
        cipher.Restart(iv);
    }
}
