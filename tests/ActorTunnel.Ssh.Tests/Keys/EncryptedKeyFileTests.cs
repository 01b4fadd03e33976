using System.Buffers;
using System.Text;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Keys.Formats;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Tests.Keys;

/// <summary>OpenSSH's own format under a passphrase, as the machine's ssh-keygen writes it.</summary>
public sealed class EncryptedKeyFileTests : IDisposable
{
    private static readonly byte[] _passphrase = Encoding.UTF8.GetBytes("pässword");

    private readonly SshKeygen _keygen = new();

    public void Dispose() => _keygen.Dispose();

    [Theory]
    [InlineData("-t ed25519")]
    [InlineData("-t ecdsa -b 256 -a 2")]
    [InlineData("-t ecdsa -b 384 -a 2")]
    [InlineData("-t ecdsa -b 521 -a 2")]
    [InlineData("-t rsa -b 2048 -a 2")]
    [InlineData("-t ed25519 -a 1 -Z aes128-ctr")]
    [InlineData("-t ed25519 -a 1 -Z aes192-ctr")]
    [InlineData("-t ed25519 -a 1 -Z aes256-ctr")]
    [InlineData("-t rsa -b 2048 -a 1 -Z aes128-cbc")]
    [InlineData("-t ed25519 -a 1 -Z aes192-cbc")]
    [InlineData("-t ed25519 -a 1 -Z aes256-cbc")]
    [InlineData("-t ed25519 -a 1 -Z aes128-gcm@openssh.com")]
    [InlineData("-t ecdsa -b 521 -a 1 -Z aes256-gcm@openssh.com")]
    [InlineData("-t ed25519 -a 3 -Z chacha20-poly1305@openssh.com")]
    public void A_file_of_ssh_keygen_shows_its_public_key_and_opens_with_its_passphrase_only(string kind)
    {
        Generate(kind);
        var file = KeyFile.Parse("key", _keygen.Read("key"));
        Assert.True(file.IsEncrypted);
        Assert.Equal(PublicLine(), file.PublicKey!.ToLine());

        using var key = file.Open(_passphrase);
        Assert.Equal(PublicLine(), key.PublicKey.ToLine());
        var algorithm = key.PublicKey.SignatureAlgorithms[0];
        Assert.True(PublicKey.ParseLine(PublicLine()).Verify(algorithm, "data"u8, key.Sign(algorithm, "data"u8)));
        foreach (var wrong in (byte[][])[[], [0], [.. _passphrase, 0], _passphrase[..^1]])
            AssertUnusable(() => file.Open(wrong), "the passphrase is wrong, or the file is damaged");
    }

    [Fact]
    public void A_cipher_that_is_not_supported_is_named_with_the_command_that_changes_it()
    {
        Generate("-t ed25519 -a 1 -Z 3des-cbc");
        var command = "its cipher 3des-cbc is not supported here; write it anew with: ssh-keygen -p -Z aes256-ctr -f FILE";
        AssertUnusable(() => KeyFile.Parse("key", _keygen.Read("key")), command);

        _keygen.Run("-p", "-Z", "aes256-ctr", "-a", "1", "-f", "key", "-P", "pässword", "-N", "pässword");
        KeyFile.Parse("key", _keygen.Read("key")).Open(_passphrase).Dispose();
    }

    [Theory]
    [InlineData(OpenSshEncryption.MaximumRounds + 1)]
    [InlineData(uint.MaxValue)]
    public void Rounds_that_would_keep_us_busy_for_ever_are_refused_before_any_work(uint rounds) => AssertUnusable(
        () => KeyFile.Parse("key", Armour(Encrypted(kdfOptions: KdfOptions("salt", rounds)))), $"{rounds} rounds, more than");

    [Theory]
    [InlineData("", 1)]
    [InlineData("salt", 0)]
    public void A_derivation_without_salt_or_rounds_is_refused(string salt, uint rounds) =>
        AssertUnusable(() => KeyFile.Parse("key", Armour(Encrypted(kdfOptions: KdfOptions(salt, rounds)))), "it is damaged");

    [Fact]
    public void An_unknown_key_derivation_is_named_without_its_control_characters() => AssertUnusable(
        () => KeyFile.Parse("key", Armour(Encrypted(kdf: "ar\u001b[31mgon2"))), "its key derivation ar[31mgon2 is not supported here");

    [Fact]
    public async Task Opening_can_be_cancelled()
    {
        var file = KeyFile.Parse("key", Armour(Encrypted(kdfOptions: KdfOptions("salt", OpenSshEncryption.MaximumRounds))));
        using var stop = new CancellationTokenSource();
        var opening = Task.Run(() => file.Open(_passphrase, stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Theory]
    [InlineData("aes256-ctr")]
    [InlineData("aes256-cbc")]
    [InlineData("aes256-gcm@openssh.com")]
    public void A_file_cut_off_anywhere_or_too_long_is_refused(string cipher)
    {
        Generate($"-t ed25519 -a 1 -Z {cipher}");
        var data = Decode();
        for (var length = 1; length < data.Length; length++)
            AssertUnusable(() => KeyFile.Parse("key", Armour(data[..length])), "");
        AssertUnusable(() => KeyFile.Parse("key", Armour([.. data, 0])), "damaged");
    }

    [Fact]
    public void A_file_with_any_byte_changed_is_the_same_good_key_or_refused()
    {
        Generate("-t ed25519 -a 1");
        var expected = PublicLine();
        // Not the rounds, the four bytes before the number of keys: ten thousand of them are allowed, and a test cannot wait for that.
        var data = Decode();
        var rounds = data.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 0, 0, 1, 0, 0, 0, 1]);
        Corruption.Try(data, changed =>
        {
            data.AsSpan(rounds, 4).CopyTo(changed.AsSpan(rounds));
            try
            {
                using var key = KeyFile.Parse("key", Armour(changed)).Open(_passphrase);
                Assert.Equal(expected, key.PublicKey.ToLine());
                Assert.True(key.PublicKey.Verify("ssh-ed25519", "data"u8, key.Sign("ssh-ed25519", "data"u8)));
            }
            catch (SshException exception)
            {
                Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
            }
        }, tries: 60); // each works on the passphrase
    }

    [Theory]
    [InlineData("")]
    [InlineData("pässword")]
    public void A_comment_of_any_characters_does_not_matter(string passphrase)
    {
        _keygen.Run(
            "-q", "-t", "ed25519", "-a", "1", "-N", passphrase, "-C", "alice\u0007\u001b]0;x\u0007 \r\n-----END\t", "-f", "key");
        using var key = KeyFile.Parse("key", _keygen.Read("key")).Open(Encoding.UTF8.GetBytes(passphrase));
        Assert.Equal(PublicLine(), key.PublicKey.ToLine());
    }

    [Theory]
    [InlineData("")]
    [InlineData("pässword")]
    public void Check_numbers_that_differ_are_refused(string passphrase)
    {
        _keygen.Run("-q", "-t", "ed25519", "-a", "1", "-N", passphrase, "-f", "key");
        var data = Decode();
        var publicBlob = PublicKey.ParseLine(PublicLine()).Blob.Span;
        data[data.AsSpan().IndexOf(publicBlob) + publicBlob.Length + sizeof(uint)] ^= 1; // CTR: the plain text changes by the same bit
        AssertUnusable(() => KeyFile.Parse("key", Armour(data)).Open(Encoding.UTF8.GetBytes(passphrase)), "damaged");
    }

    private static byte[] KdfOptions(string salt, uint rounds)
    {
        var options = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(options);
        writer.WriteText(salt);
        writer.WriteUInt32(rounds);
        return options.WrittenSpan.ToArray();
    }

    /// <summary>An encrypted file as far as it can be seen from outside.</summary>
    private static byte[] Encrypted(string cipher = "aes256-ctr", string kdf = "bcrypt", byte[]? kdfOptions = null)
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        var file = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(file);
        writer.WriteBytes("openssh-key-v1\0"u8);
        writer.WriteText(cipher);
        writer.WriteText(kdf);
        writer.WriteString(kdfOptions ?? KdfOptions("salt", 1));
        writer.WriteUInt32(1);
        writer.WriteString(key.PublicKey.Blob.Span);
        writer.WriteString(new byte[160]);
        return file.WrittenSpan.ToArray();
    }

    private static void AssertUnusable(Func<object> action, string why)
    {
        var exception = Assert.Throws<SshException>(action);
        Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        Assert.StartsWith("Cannot use the key file key: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(exception.Message, char.IsControl);
    }

    private static byte[] Armour(byte[] data) => Encoding.ASCII.GetBytes(
        $"-----BEGIN OPENSSH PRIVATE KEY-----\n{Convert.ToBase64String(data)}\n-----END OPENSSH PRIVATE KEY-----\n");

    private byte[] Decode()
    {
        var lines = Encoding.ASCII.GetString(_keygen.Read("key")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Convert.FromBase64String(string.Concat(lines[1..^1]));
    }

    private string PublicLine() => PublicKey.ParseLine(Encoding.UTF8.GetString(_keygen.Read("key.pub"))).ToLine();

    private void Generate(string kind) =>
        _keygen.Run(["-q", .. kind.Split(' '), "-N", "pässword", "-C", "alice@example", "-f", "key"]);
}
