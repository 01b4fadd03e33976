namespace ActorTunnel.Ssh.Interop;

/// <summary>A stream of key bytes that is laid over data, which both encrypts and decrypts. Allocates nothing after it was made.</summary>
internal sealed class EvpCipher : IDisposable
{
    /// <summary>Bytes of the IV of all ciphers here.</summary>
    public const int IvSize = 16;

    private readonly EvpCipherContextHandle _context = Libcrypto.EVP_CIPHER_CTX_new();

    private EvpCipher(nint cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, IvSize);
        Libcrypto.Check(Libcrypto.EVP_CipherInit_ex(_context, cipher, 0, key, iv, encrypt: 1));
    }

    /// <summary>Whether the machine's libcrypto has the cipher; a FIPS provider leaves ChaCha20 out.</summary>
    public static bool IsAesCtrSupported { get; } = Libcrypto.IsAvailable && IsSupported(Libcrypto.EVP_aes_256_ctr());

    /// <inheritdoc cref="IsAesCtrSupported"/>
    public static bool IsChaCha20Supported { get; } = Libcrypto.IsAvailable && IsSupported(Libcrypto.EVP_chacha20());

    /// <summary>AES in counter mode (NIST SP 800-38A, section 6.5): the IV is the first counter block, one big-endian number.</summary>
    public static EvpCipher AesCtr(ReadOnlySpan<byte> key, ReadOnlySpan<byte> counter) => key.Length switch
    {
        16 => new(Libcrypto.EVP_aes_128_ctr(), key, counter),
        24 => new(Libcrypto.EVP_aes_192_ctr(), key, counter),
        32 => new(Libcrypto.EVP_aes_256_ctr(), key, counter),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    /// <summary>ChaCha20 as its author defined it: the IV is a counter of 64 bits, little-endian, and a nonce of 64 bits.</summary>
    public static EvpCipher ChaCha20(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, 32);
        return new(Libcrypto.EVP_chacha20(), key, stackalloc byte[IvSize]);
    }

    /// <summary>Starts another stream under the same key.</summary>
    public void Restart(ReadOnlySpan<byte> iv) => Libcrypto.Check(Libcrypto.EVP_CipherInit_ex(_context, 0, 0, default, iv, encrypt: 1));

    /// <summary>Lays the next bytes of the stream over <paramref name="data"/>.</summary>
    public void Apply(Span<byte> data) => Libcrypto.Check(Libcrypto.EVP_CipherUpdate(_context, data, out _, data, data.Length));

    public void Dispose() => _context.Dispose();

    private static bool IsSupported(nint cipher)
    {
        using var context = Libcrypto.EVP_CIPHER_CTX_new();
        var done = Libcrypto.EVP_CipherInit_ex(context, cipher, 0, stackalloc byte[32], stackalloc byte[IvSize], encrypt: 1);
        Libcrypto.ERR_clear_error();
        return done == 1;
    }
}
