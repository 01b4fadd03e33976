using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Ssh.Interop;
using ActorTunnel.Ssh.Keys.Bcrypt;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys.Formats;

/// <summary>
/// How the private section of an OpenSSH key file is encrypted (PROTOCOL.key, section 3): one of SSH's ciphers, under a key and an IV
/// that bcrypt_pbkdf makes from the passphrase.
/// </summary>
internal sealed class OpenSshEncryption
{
    /// <summary>Minutes of work; ssh-keygen's default is 16 or 24. Who needs more has a file that was made to keep us busy.</summary>
    public const uint MaximumRounds = 10_000;

    private const string Aes128Gcm = "aes128-gcm@openssh.com";
    private const string Aes256Gcm = "aes256-gcm@openssh.com";
    private const string ChaChaPoly = "chacha20-poly1305@openssh.com";

    private readonly Cipher _cipher;
    private readonly byte[] _salt;
    private readonly uint _rounds;

    private OpenSshEncryption(Cipher cipher, byte[] salt, uint rounds)
    {
        _cipher = cipher;
        _salt = salt;
        _rounds = rounds;
    }

    private delegate void Decryption(byte[] key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> data, Span<byte> plain);

    /// <summary>Up to a whole number of which the private section is padded.</summary>
    public int BlockSize => _cipher.BlockSize;

    /// <summary>Bytes of the authentication tag that follows the private section.</summary>
    public int TagSize => _cipher.TagSize;

    // kdfoptions of bcrypt:
    //   string    salt
    //   uint32    rounds
    public static OpenSshEncryption Read(ReadOnlySpan<byte> cipherName, ReadOnlySpan<byte> kdfName, ReadOnlySpan<byte> kdfOptions)
    {
        var cipher = CipherOf(Encoding.ASCII.GetString(cipherName)) ?? throw Unsupported("cipher", cipherName);
        if (!kdfName.SequenceEqual("bcrypt"u8))
            throw Unsupported("key derivation", kdfName);
        var reader = new SshReader(kdfOptions);
        var salt = reader.ReadString().ToArray();
        var rounds = reader.ReadUInt32();
        reader.ReadEnd();
        if (rounds > MaximumRounds)
        {
            throw new NotSupportedException(
                $"its passphrase would have to be worked on in {rounds} rounds, more than {MaximumRounds}, which takes too long; "
                + "write it anew with: ssh-keygen -p -a 100 -f FILE");
        }

        return salt.Length > 0 && rounds > 0
            ? new(cipher, salt, rounds)
            : throw SshReader.Malformed("its key derivation has no salt or no rounds");
    }

    /// <summary>The private section, which the caller zeroes.</summary>
    public byte[] Decrypt(
        ReadOnlySpan<byte> section, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> passphrase, CancellationToken cancellationToken)
    {
        var derived = new byte[_cipher.KeySize + _cipher.IvSize];
        var key = new byte[_cipher.KeySize];
        var plain = GC.AllocateUninitializedArray<byte>(section.Length, pinned: true);
        try
        {
            BcryptPbkdf.DeriveKey(passphrase, _salt, _rounds, derived, cancellationToken);
            derived.AsSpan(0, key.Length).CopyTo(key);
            _cipher.Decrypt(key, derived.AsSpan(key.Length), tag, section, plain);
            return plain;
        }
        catch
        {
            CryptographicOperations.ZeroMemory(plain);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    // All that "ssh-keygen -Z" takes but 3des-cbc.
    private static Cipher? CipherOf(string name) => name switch
    {
        "aes128-ctr" => new(16, 16, 16, 0, DecryptCtr),
        "aes192-ctr" => new(24, 16, 16, 0, DecryptCtr),
        "aes256-ctr" => new(32, 16, 16, 0, DecryptCtr),
        "aes128-cbc" => new(16, 16, 16, 0, DecryptCbc),
        "aes192-cbc" => new(24, 16, 16, 0, DecryptCbc),
        "aes256-cbc" => new(32, 16, 16, 0, DecryptCbc),
        Aes128Gcm => new(16, 12, 16, 16, DecryptGcm),
        Aes256Gcm => new(32, 12, 16, 16, DecryptGcm),
        ChaChaPoly when EvpCipher.IsChaCha20Supported && Poly1305.IsSupported => new(64, 0, 8, Poly1305.TagSize, DecryptChaCha),
        _ => null,
    };

    private static void DecryptCtr(byte[] key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> data, Span<byte> plain)
    {
        using var aes = EvpCipher.AesCtr(key, iv);
        data.CopyTo(plain);
        aes.Apply(plain);
    }

    private static void DecryptCbc(byte[] key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> data, Span<byte> plain)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        aes.DecryptCbc(data, iv, plain, PaddingMode.None);
    }

    private static void DecryptGcm(byte[] key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> data, Span<byte> plain)
    {
        using var aes = new AesGcm(key, tag.Length);
        aes.Decrypt(iv, data, tag, plain);
    }

    // PROTOCOL.chacha20poly1305 for packet number 0 without a length: block 0 of the first half of the key makes the key of the MAC,
    // and the data starts at block 1. The second half of the key would encrypt the length.
    private static void DecryptChaCha(byte[] key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> data, Span<byte> plain)
    {
        using var cipher = EvpCipher.ChaCha20(key.AsSpan(0, key.Length / 2));
        using var mac = new Poly1305();
        Span<byte> macKey = stackalloc byte[64];
        Span<byte> expected = stackalloc byte[Poly1305.TagSize];
        macKey.Clear();
        cipher.Apply(macKey);
        mac.Compute(macKey[..Poly1305.KeySize], data, expected);
        CryptographicOperations.ZeroMemory(macKey);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
            throw new CryptographicException("The authentication tag is wrong.");
        data.CopyTo(plain);
        cipher.Apply(plain);
    }

    private static NotSupportedException Unsupported(string what, ReadOnlySpan<byte> name) => new(
        $"its {what} {PeerText.Line(Encoding.ASCII.GetString(name))} is not supported here; "
        + "write it anew with: ssh-keygen -p -Z aes256-ctr -f FILE");

    private sealed record Cipher(int KeySize, int IvSize, int BlockSize, int TagSize, Decryption Decrypt);
}
