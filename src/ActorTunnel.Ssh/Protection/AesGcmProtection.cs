using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// AES in Galois/Counter Mode, one direction (RFC 5647 as OpenSSH negotiates it: <c>aes128-gcm@openssh.com</c>). The length field
/// stays in the clear and is authenticated; the rest of the packet is encrypted.
/// </summary>
/// <remarks>
/// The nonce (RFC 5647, section 7.1) starts at the initial IV of the key exchange and its counter is stepped for each packet. A
/// nonce is never used twice: a rekey comes long before the counter has gone round.
/// <code>
/// byte[4]   fixed
/// uint64    invocation_counter
/// </code>
/// </remarks>
internal sealed class AesGcmProtection : IPacketSealer, IPacketOpener
{
    public const int NonceSize = 12;

    private const int FixedSize = 4;
    private const int LengthSize = sizeof(uint);
    private const int AuthenticationTagSize = 16;

    private readonly AesGcm _aes;
    private readonly byte[] _nonce;

    public AesGcmProtection(ReadOnlySpan<byte> key, ReadOnlySpan<byte> initialNonce)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(initialNonce.Length, NonceSize);
        _aes = new AesGcm(key, AuthenticationTagSize);
        _nonce = initialNonce.ToArray();
    }

    public int BlockSize => 16;

    public bool LengthIsPadded => false;

    public int TagSize => AuthenticationTagSize;

    public int LengthPrefix => LengthSize;

    public uint ReadLength(uint sequenceNumber, Span<byte> buffer) => BinaryPrimitives.ReadUInt32BigEndian(buffer);

    public void Seal(uint sequenceNumber, Span<byte> packet)
    {
        var body = packet[LengthSize..^AuthenticationTagSize];
        _aes.Encrypt(_nonce, body, body, packet[^AuthenticationTagSize..], packet[..LengthSize]);
        StepNonce();
    }

    public bool TryOpen(uint sequenceNumber, Span<byte> packet)
    {
        var body = packet[LengthSize..^AuthenticationTagSize];
        try
        {
            _aes.Decrypt(_nonce, body, packet[^AuthenticationTagSize..], body, packet[..LengthSize]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false; // Not an error of ours but the answer to the question; the caller ends the connection.
        }

        StepNonce();
        return true;
    }

    public void Dispose() => _aes.Dispose();

    private void StepNonce()
    {
        var counter = _nonce.AsSpan(FixedSize);
        BinaryPrimitives.WriteUInt64BigEndian(counter, unchecked(BinaryPrimitives.ReadUInt64BigEndian(counter) + 1));
    }
}
