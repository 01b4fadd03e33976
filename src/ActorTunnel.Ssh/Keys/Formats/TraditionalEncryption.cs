using System.Buffers;
using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Keys.Formats;

/// <summary>
/// The encryption of old PEM files (RFC 1421, section 4.6.1, as OpenSSL does it): still what <c>ssh-keygen -m PEM</c> writes. It is
/// weak, one round of MD5; it is read because such files exist.
/// </summary>
/// <remarks>
/// <code>
/// Proc-Type: 4,ENCRYPTED
/// DEK-Info: AES-128-CBC,5D8C...    (cipher, IV in hexadecimal)
/// </code>
/// </remarks>
internal static class TraditionalEncryption
{
    private const int IvSize = 16;
    private const int SaltSize = 8;
    private const string EncryptionHeader = "DEK-Info";

    private static readonly Dictionary<string, int> _keySizes = new()
    {
        ["AES-128-CBC"] = 16,
        ["AES-192-CBC"] = 24,
        ["AES-256-CBC"] = 32,
    };

    public static bool IsUsed(PemBlock block) => block.Headers.ContainsKey(EncryptionHeader);

    /// <summary>Throws what <see cref="Decrypt"/> throws with every passphrase.</summary>
    public static void Check(PemBlock block) => ReadHeader(block);

    /// <summary>The data inside, which the caller zeroes.</summary>
    public static byte[] Decrypt(PemBlock block, ReadOnlySpan<byte> passphrase)
    {
        var (keySize, iv) = ReadHeader(block);
        var key = DeriveKey(passphrase, iv.AsSpan(0, SaltSize), keySize);
        using var aes = Aes.Create();
        try
        {
            aes.SetKey(key);
            return aes.DecryptCbc(block.Data, iv);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static (int KeySize, byte[] Iv) ReadHeader(PemBlock block)
    {
        var (cipher, ivText) = block.Headers[EncryptionHeader].Split(',') is [var first, var second] ? (first, second) : ("", "");
        if (!_keySizes.TryGetValue(cipher, out var keySize))
            throw new NotSupportedException("its encryption is not supported here; convert it with: ssh-keygen -p -m PKCS8 -f FILE");
        var iv = new byte[IvSize];
        return Convert.FromHexString(ivText, iv, out _, out var written) == OperationStatus.Done && written == IvSize
            ? (keySize, iv)
            : throw new CryptographicException("The IV is malformed.");
    }

    // OpenSSL's EVP_BytesToKey with MD5 and one round: D_i = MD5(D_{i-1} || passphrase || salt), strung together.
    private static byte[] DeriveKey(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int keySize)
    {
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        var key = new byte[keySize];
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        for (var done = 0; done < keySize; done += digest.Length)
        {
            if (done > 0)
                md5.AppendData(digest);
            md5.AppendData(passphrase);
            md5.AppendData(salt);
            md5.GetHashAndReset(digest);
            digest[..Math.Min(digest.Length, keySize - done)].CopyTo(key.AsSpan(done));
        }

        CryptographicOperations.ZeroMemory(digest);
        return key;
    }
}
