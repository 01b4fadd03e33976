using System.Security.Cryptography;
using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>
/// diffie-hellman-group14-sha256 and -group16-sha512 (RFC 8268; RFC 4253, section 8): Diffie-Hellman over the primes of RFC 3526.
/// </summary>
internal sealed class ModpAgreement : IKeyAgreement
{
    private readonly ModpDiffieHellman _key;
    private readonly int _size;

    public ModpAgreement(int bits, HashAlgorithmName hash)
    {
        _key = ModpDiffieHellman.Generate(bits);
        _size = bits / 8;
        Hash = hash;
        PublicValue = ToMpint(_key.PublicKey());
    }

    public HashAlgorithmName Hash { get; }

    public ReadOnlyMemory<byte> PublicValue { get; }

    /// <summary>
    /// The peer's number goes into the exchange hash as it came, so it must have come in its only form (RFC 4251, section 5): not
    /// negative, and without a zero in front that the sign does not need.
    /// </summary>
    public byte[] DeriveSecret(ReadOnlySpan<byte> peerPublicValue)
    {
        var value = peerPublicValue is [0, >= 0x80, ..] ? peerPublicValue[1..] : peerPublicValue;
        var isNumber = peerPublicValue is [> 0 and < 0x80, ..] or [0, >= 0x80, ..];
        return isNumber && value.Length <= _size && _key.Derive(value) is { } secret
            ? secret
            : throw new SshException(SshFailure.ProtocolError, "The peer's Diffie-Hellman key exchange value is not of the group.");
    }

    public void Dispose() => _key.Dispose();

    private static byte[] ToMpint(byte[] magnitude)
    {
        var value = magnitude.AsSpan().TrimStart((byte)0);
        return value[0] >= 0x80 ? [0, .. value] : value.ToArray();
    }
}
