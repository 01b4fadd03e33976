namespace ActorTunnel.Ssh.Interop;

/// <summary>Ed25519 signatures (RFC 8032), without context and prehash.</summary>
internal sealed class Ed25519 : IDisposable
{
    public const int SignatureSize = 64;

    private const int Algorithm = 1087; // EVP_PKEY_ED25519

    private readonly EvpKeyHandle _key;

    private Ed25519(EvpKeyHandle key) => _key = key;

    public static bool IsSupported { get; } = EvpKey.IsSupported(Algorithm);

    public static Ed25519 Generate() => new(EvpKey.Generate(Algorithm));

    /// <summary>The private key of RFC 8032, section 5.1.5: the seed, not the expanded key.</summary>
    public static Ed25519 FromSeed(ReadOnlySpan<byte> seed) => new(EvpKey.FromPrivate(Algorithm, seed));

    public byte[] PublicKey() => EvpKey.PublicPart(_key);

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signature = new byte[SignatureSize];
        nuint length = SignatureSize;
        using var context = Libcrypto.EVP_MD_CTX_new();
        Libcrypto.Check(Libcrypto.EVP_DigestSignInit(context, 0, 0, 0, _key));
        Libcrypto.Check(Libcrypto.EVP_DigestSign(context, signature, ref length, data, (nuint)data.Length));
        return signature;
    }

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = EvpKey.FromPublic(Algorithm, publicKey);
        using var context = Libcrypto.EVP_MD_CTX_new();
        Libcrypto.Check(Libcrypto.EVP_DigestVerifyInit(context, 0, 0, 0, key));
        var verified = Libcrypto.EVP_DigestVerify(context, signature, (nuint)signature.Length, data, (nuint)data.Length) == 1;
        Libcrypto.ERR_clear_error();
        return verified;
    }

    public void Dispose() => _key.Dispose();
}
