using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Keys.Formats;

/// <summary>
/// Encrypted PKCS#8 (RFC 5958, section 3) under PBES2 (RFC 8018, section 6.2) with PBKDF2 and AES-CBC: what OpenSSL and ssh-keygen
/// write. .NET reads it only where it knows the algorithm of the key inside, and it does not know Ed25519.
/// </summary>
internal static class Pbes2
{
    public const string Label = "ENCRYPTED PRIVATE KEY";

    /// <summary>Some seconds of work; who needs more has a file that was made to keep us busy.</summary>
    private const int MaximumIterations = 10_000_000;

    private const int IvSize = 16; // of AES-CBC

    private const string Pbes2Scheme = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";

    private static readonly Dictionary<string, HashAlgorithmName> _hashes = new()
    {
        ["1.2.840.113549.2.7"] = HashAlgorithmName.SHA1, // hmacWithSHA1, the default
        ["1.2.840.113549.2.9"] = HashAlgorithmName.SHA256,
        ["1.2.840.113549.2.10"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.2.11"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, int> _aesKeySizes = new()
    {
        ["2.16.840.1.101.3.4.1.2"] = 16, // aes128-CBC-PAD
        ["2.16.840.1.101.3.4.1.22"] = 24,
        ["2.16.840.1.101.3.4.1.42"] = 32,
    };

    // EncryptedPrivateKeyInfo ::= SEQUENCE {
    //   encryptionAlgorithm  SEQUENCE { OBJECT IDENTIFIER pbes2, SEQUENCE { keyDerivationFunc, encryptionScheme } },
    //   encryptedData        OCTET STRING }
    // encryptionScheme ::= SEQUENCE { OBJECT IDENTIFIER, OCTET STRING iv }

    /// <summary>Throws what <see cref="Decrypt"/> throws with every passphrase.</summary>
    public static void Check(ReadOnlyMemory<byte> data) => Read(data);

    /// <summary>The PKCS#8 inside, which the caller zeroes.</summary>
    public static byte[] Decrypt(ReadOnlyMemory<byte> data, ReadOnlySpan<byte> passphrase)
    {
        var encryption = Read(data);
        var key = Rfc2898DeriveBytes.Pbkdf2(passphrase, encryption.Salt, encryption.Iterations, encryption.Hash, encryption.KeySize);
        using var aes = Aes.Create();
        try
        {
            aes.SetKey(key);
            return aes.DecryptCbc(encryption.Data, encryption.Iv);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static Encryption Read(ReadOnlyMemory<byte> data)
    {
        var info = new AsnReader(data, AsnEncodingRules.BER).ReadSequence();
        var algorithm = info.ReadSequence();
        if (algorithm.ReadObjectIdentifier() != Pbes2Scheme)
            throw Unsupported();
        var parameters = algorithm.ReadSequence();
        var derivation = parameters.ReadSequence();
        var scheme = parameters.ReadSequence();
        if (!_aesKeySizes.TryGetValue(scheme.ReadObjectIdentifier(), out var keySize))
            throw Unsupported();
        var iv = scheme.ReadOctetString();
        if (iv.Length != IvSize)
            throw new CryptographicException("The IV has an impossible length.");
        var (salt, iterations, hash) = ReadDerivation(derivation);
        return new(keySize, iv, salt, iterations, hash, info.ReadOctetString());
    }

    // RFC 8018, appendix A.2:
    //   SEQUENCE { OBJECT IDENTIFIER pbkdf2, SEQUENCE {
    //     salt            OCTET STRING,
    //     iterationCount  INTEGER,
    //     keyLength       INTEGER OPTIONAL,
    //     prf             SEQUENCE { OBJECT IDENTIFIER, NULL } DEFAULT hmacWithSHA1 } }
    private static (byte[] Salt, int Iterations, HashAlgorithmName Hash) ReadDerivation(AsnReader derivation)
    {
        if (derivation.ReadObjectIdentifier() != Pbkdf2)
            throw Unsupported();
        var parameters = derivation.ReadSequence();
        var salt = parameters.ReadOctetString();
        if (!parameters.TryReadInt32(out var iterations) || iterations is < 1 or > MaximumIterations)
            throw Unsupported();
        if (parameters.HasData && parameters.PeekTag() == Asn1Tag.Integer)
            parameters.ReadInteger();
        var hash = HashAlgorithmName.SHA1;
        return !parameters.HasData || _hashes.TryGetValue(parameters.ReadSequence().ReadObjectIdentifier(), out hash)
            ? (salt, iterations, hash)
            : throw Unsupported();
    }

    private static NotSupportedException Unsupported() =>
        new("its encryption is not supported here; write it anew with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW-FILE");

    private sealed record Encryption(int KeySize, byte[] Iv, byte[] Salt, int Iterations, HashAlgorithmName Hash, byte[] Data);
}
