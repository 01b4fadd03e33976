using System.Security.Cryptography;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>One side of one Diffie-Hellman exchange: a fresh key pair, used once (RFC 4253, section 8).</summary>
internal interface IKeyAgreement : IDisposable
{
    /// <summary>The hash of the method: for the exchange hash and the derivation of keys.</summary>
    HashAlgorithmName Hash { get; }

    /// <summary>
    /// Our public value as it is sent and hashed, without its length: Q_C or Q_S is a string (RFC 5656, section 4); e or f is an mpint
    /// (RFC 4253, section 8), which on the wire is a string of the number's bytes.
    /// </summary>
    ReadOnlyMemory<byte> PublicValue { get; }

    /// <summary>The shared secret K as a big-endian magnitude, leading zeros included. The caller zeroes it.</summary>
    /// <exception cref="SshException"><see cref="SshFailure.ProtocolError"/>: the peer's value is not acceptable.</exception>
    byte[] DeriveSecret(ReadOnlySpan<byte> peerPublicValue);
}
