using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Interop;

/// <summary>
/// Diffie-Hellman in one of the groups of RFC 3526, with generator 2. The exponent is fresh, of at least twice as many bits as the
/// group is strong (225 for 2048 bits, 325 for 4096), and is wiped with the key.
/// </summary>
internal sealed class ModpDiffieHellman : IDisposable
{
    private readonly EvpKeyHandle _key;
    private readonly int _size;

    private ModpDiffieHellman(EvpKeyHandle key, int bits)
    {
        _key = key;
        _size = bits / 8;
    }

    /// <summary>Libcrypto 1.1 does not know these groups by name.</summary>
    public static bool IsSupported { get; } = Libcrypto.IsVersion3 && CanGenerate(2048);

    /// <param name="bits">Of the prime: 2048 is group 14, 4096 is group 16.</param>
    public static ModpDiffieHellman Generate(int bits)
    {
        Libcrypto.Check(TryGenerate(bits, out var key) ? 1 : 0);
        return new(key, bits);
    }

    /// <summary>Big-endian, as long as the prime.</summary>
    public byte[] PublicKey()
    {
        var value = new byte[_size];
        Libcrypto.Check(Libcrypto.EVP_PKEY_get_octet_string_param(_key, "encoded-pub-key", value, (nuint)_size, out var length));
        Libcrypto.Check(length == (nuint)_size ? 1 : 0);
        return value;
    }

    /// <summary>
    /// The shared secret, as long as the prime; the caller zeroes it. Null when libcrypto finds that the peer's value is not of the
    /// group, or not from 2 to p - 2 (RFC 8268, section 4): 0, 1 and p - 1 make a secret that whoever is in between knows beforehand.
    /// </summary>
    /// <param name="peerPublicKey">Big-endian, not longer than the prime.</param>
    public byte[]? Derive(ReadOnlySpan<byte> peerPublicKey)
    {
        Span<byte> padded = stackalloc byte[_size];
        peerPublicKey.CopyTo(padded[^peerPublicKey.Length..]);
        var secret = new byte[_size];
        using var peer = Libcrypto.EVP_PKEY_new();
        Libcrypto.Check(Libcrypto.EVP_PKEY_copy_parameters(peer, _key));
        using var context = Libcrypto.EVP_PKEY_CTX_new(_key, 0);
        Libcrypto.Check(Libcrypto.EVP_PKEY_derive_init(context));
        Libcrypto.Check(Libcrypto.EVP_PKEY_CTX_set_dh_pad(context, 1)); // else leading zeros are cut off and the length varies
        var length = (nuint)_size;
        var derived = Libcrypto.EVP_PKEY_set1_encoded_public_key(peer, padded, (nuint)_size) == 1
            && Libcrypto.EVP_PKEY_derive_set_peer(context, peer) == 1
            && Libcrypto.EVP_PKEY_derive(context, secret, ref length) == 1;
        Libcrypto.ERR_clear_error();
        if (derived)
            return secret;
        CryptographicOperations.ZeroMemory(secret);
        return null;
    }

    public void Dispose() => _key.Dispose();

    private static bool CanGenerate(int bits)
    {
        var can = TryGenerate(bits, out var key);
        key.Dispose();
        Libcrypto.ERR_clear_error();
        return can;
    }

    private static bool TryGenerate(int bits, out EvpKeyHandle key)
    {
        using var context = Libcrypto.EVP_PKEY_CTX_new_from_name(0, "DH", 0);
        key = new();
        return !context.IsInvalid
            && Libcrypto.EVP_PKEY_keygen_init(context) == 1
            && Libcrypto.EVP_PKEY_CTX_set_group_name(context, $"modp_{bits}") == 1
            && Libcrypto.EVP_PKEY_generate(context, out key) == 1;
    }
}
