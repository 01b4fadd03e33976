using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Interop;

/// <summary>X25519 Diffie-Hellman (RFC 7748).</summary>
internal sealed class X25519 : IDisposable
{
    private const int Algorithm = 1034; // EVP_PKEY_X25519

    private readonly EvpKeyHandle _key;

    private X25519(EvpKeyHandle key) => _key = key;

    public static bool IsSupported { get; } = EvpKey.IsSupported(Algorithm);

    public static X25519 Generate() => new(EvpKey.Generate(Algorithm));

    public static X25519 FromPrivate(ReadOnlySpan<byte> scalar) => new(EvpKey.FromPrivate(Algorithm, scalar));

    public byte[] PublicKey() => EvpKey.PublicPart(_key);

    /// <summary>
    /// Writes the shared secret. False when the peer sent a point of small order, for which the secret is zero whatever our key is
    /// (RFC 7748, section 6.1): it would let a man in the middle choose the session keys.
    /// </summary>
    /// <param name="peerPublicKey"><see cref="EvpKey.Size"/> bytes.</param>
    /// <param name="secret"><see cref="EvpKey.Size"/> bytes; the caller zeroes them.</param>
    public bool TryDerive(ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        using var peer = EvpKey.FromPublic(Algorithm, peerPublicKey);
        using var context = Libcrypto.EVP_PKEY_CTX_new(_key, 0);
        Libcrypto.Check(Libcrypto.EVP_PKEY_derive_init(context));
        Libcrypto.Check(Libcrypto.EVP_PKEY_derive_set_peer(context, peer));
        var length = (nuint)secret.Length;
        var derived = Libcrypto.EVP_PKEY_derive(context, secret, ref length) == 1;
        Libcrypto.ERR_clear_error();
        return derived && !CryptographicOperations.FixedTimeEquals(secret, stackalloc byte[EvpKey.Size]);
    }

    public void Dispose() => _key.Dispose();
}
