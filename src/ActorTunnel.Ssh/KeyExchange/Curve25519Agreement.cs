using System.Security.Cryptography;
using ActorTunnel.Ssh.Interop;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>curve25519-sha256 (RFC 8731).</summary>
internal sealed class Curve25519Agreement : IKeyAgreement
{
    private readonly X25519 _key = X25519.Generate();

    public Curve25519Agreement() => PublicValue = _key.PublicKey();

    public HashAlgorithmName Hash => HashAlgorithmName.SHA256;

    public ReadOnlyMemory<byte> PublicValue { get; }

    /// <summary>
    /// RFC 8731, section 3.1: the 32 bytes of the X25519 result are taken for a big-endian number. Section 3: any other length of
    /// the peer's value and an all-zero result must end the connection.
    /// </summary>
    public byte[] DeriveSecret(ReadOnlySpan<byte> peerPublicValue)
    {
        var secret = new byte[EvpKey.Size];
        if (peerPublicValue.Length == EvpKey.Size && _key.TryDerive(peerPublicValue, secret))
            return secret;
        throw new SshException(SshFailure.ProtocolError, "The peer's curve25519 key exchange value is not valid.");
    }

    public void Dispose() => _key.Dispose();
}
