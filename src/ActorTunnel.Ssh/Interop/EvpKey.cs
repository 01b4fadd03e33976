using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Interop;

/// <summary>Keys of the two Curve25519 algorithms, which are plain strings of 32 bytes.</summary>
internal static class EvpKey
{
    /// <summary>Bytes of a private key or seed and of a public key, of X25519 and Ed25519 alike.</summary>
    public const int Size = 32;

    /// <summary>Whether the machine's libcrypto has the algorithm; a FIPS provider may leave it out.</summary>
    public static bool IsSupported(int algorithm)
    {
        if (!Libcrypto.IsAvailable)
            return false;
        using var key = Libcrypto.EVP_PKEY_new_raw_private_key(algorithm, 0, stackalloc byte[Size], Size);
        Libcrypto.ERR_clear_error();
        return !key.IsInvalid;
    }

    public static EvpKeyHandle Generate(int algorithm)
    {
        Span<byte> secret = stackalloc byte[Size];
        RandomNumberGenerator.Fill(secret);
        try
        {
            return FromPrivate(algorithm, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    public static EvpKeyHandle FromPrivate(int algorithm, ReadOnlySpan<byte> secret) =>
        Valid(Libcrypto.EVP_PKEY_new_raw_private_key(algorithm, 0, secret, (nuint)secret.Length));

    public static EvpKeyHandle FromPublic(int algorithm, ReadOnlySpan<byte> publicKey) =>
        Valid(Libcrypto.EVP_PKEY_new_raw_public_key(algorithm, 0, publicKey, (nuint)publicKey.Length));

    public static byte[] PublicPart(EvpKeyHandle key)
    {
        var publicKey = new byte[Size];
        nuint length = Size;
        Libcrypto.Check(Libcrypto.EVP_PKEY_get_raw_public_key(key, publicKey, ref length));
        return publicKey;
    }

    private static EvpKeyHandle Valid(EvpKeyHandle key)
    {
        Libcrypto.Check(key.IsInvalid ? 0 : 1);
        return key;
    }
}
