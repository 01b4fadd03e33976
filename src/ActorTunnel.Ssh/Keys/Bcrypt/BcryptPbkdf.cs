using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Keys.Bcrypt;

/// <summary>
/// bcrypt_pbkdf, which makes the key of an encrypted OpenSSH key file from its passphrase: PBKDF2 (RFC 8018, section 5.2) with a hash
/// made of bcrypt in the place of HMAC, and with the output's bytes dealt out to the blocks in turn. There is no text that defines
/// it but OpenBSD's bcrypt_pbkdf(3) and its test vectors; neither .NET nor libcrypto has it.
/// </summary>
internal static class BcryptPbkdf
{
    private const int HashSize = 32;
    private const int HashWords = HashSize / sizeof(uint);

    /// <summary>How often bcrypt mixes password and salt in: 2 to the 6th.</summary>
    private const int Expansions = 64;

    /// <summary>How often the text is encrypted in the end.</summary>
    private const int Encryptions = 64;

    private static ReadOnlySpan<byte> Text => "OxychromaticBlowfishSwatDynamite"u8;

    /// <summary>Fills <paramref name="output"/>. It takes long on purpose: some milliseconds for each round and 32 bytes.</summary>
    /// <exception cref="OperationCanceledException">After the round in which it was cancelled.</exception>
    public static void DeriveKey(
        ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, uint rounds, Span<byte> output, CancellationToken cancellationToken)
    {
        Span<byte> passphraseHash = stackalloc byte[SHA512.HashSizeInBytes];
        Span<byte> saltHash = stackalloc byte[SHA512.HashSizeInBytes];
        Span<byte> hash = stackalloc byte[HashSize];
        Span<byte> block = stackalloc byte[HashSize];
        using var blowfish = new Blowfish();
        try
        {
            SHA512.HashData(passphrase, passphraseHash);
            var blocks = (output.Length + HashSize - 1) / HashSize;
            for (var index = 0; index < blocks; index++)
            {
                SHA512.HashData([.. salt, .. Counter(index + 1)], saltHash);
                block.Clear();
                for (uint round = 0; round < rounds; round++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (round > 0)
                        SHA512.HashData(hash, saltHash);
                    Hash(blowfish, passphraseHash, saltHash, hash);
                    for (var i = 0; i < HashSize; i++)
                        block[i] ^= hash[i];
                }

                // Byte i of block n is byte i * blocks + n of the output: who wants a part of the key has to work for all of it.
                for (int i = 0, position = index; i < HashSize && position < output.Length; i++, position += blocks)
                    output[position] = block[i];
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphraseHash);
            CryptographicOperations.ZeroMemory(saltHash);
            CryptographicOperations.ZeroMemory(hash);
            CryptographicOperations.ZeroMemory(block);
        }
    }

    private static byte[] Counter(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>bcrypt_hash: bcrypt with another text and with words written in little-endian order.</summary>
    private static void Hash(Blowfish blowfish, ReadOnlySpan<byte> passphraseHash, ReadOnlySpan<byte> saltHash, Span<byte> hash)
    {
        blowfish.Reset();
        blowfish.Expand(passphraseHash, saltHash);
        for (var i = 0; i < Expansions; i++)
        {
            blowfish.Expand(saltHash, salt: []);
            blowfish.Expand(passphraseHash, salt: []);
        }

        for (var i = 0; i < HashWords; i += 2)
        {
            var left = BinaryPrimitives.ReadUInt32BigEndian(Text[(i * sizeof(uint))..]);
            var right = BinaryPrimitives.ReadUInt32BigEndian(Text[((i + 1) * sizeof(uint))..]);
            for (var n = 0; n < Encryptions; n++)
                blowfish.Encrypt(ref left, ref right);
            BinaryPrimitives.WriteUInt32LittleEndian(hash[(i * sizeof(uint))..], left);
            BinaryPrimitives.WriteUInt32LittleEndian(hash[((i + 1) * sizeof(uint))..], right);
        }
    }
}
