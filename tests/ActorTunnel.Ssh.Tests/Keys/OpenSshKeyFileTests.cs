using System.Text;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Tests.Keys.Certificates;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Keys;

/// <summary>Against files that the machine's own ssh-keygen writes.</summary>
public sealed class OpenSshKeyFileTests : IDisposable
{
    private readonly SshKeygen _keygen = new();

    /// <summary>Arguments of ssh-keygen, and the key type they give.</summary>
    public static TheoryData<string, string> Kinds => new()
    {
        { "-t ed25519", "ssh-ed25519" },
        { "-t ecdsa -b 256", "ecdsa-sha2-nistp256" },
        { "-t ecdsa -b 384", "ecdsa-sha2-nistp384" },
        { "-t ecdsa -b 521", "ecdsa-sha2-nistp521" },
        { "-t rsa -b 2048", "ssh-rsa" },
    };

    public void Dispose() => _keygen.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_of_ssh_keygen_opens_and_has_the_fingerprint_it_prints(string kind, string type)
    {
        Generate(kind, passphrase: "");
        var file = KeyFile.Parse("key", _keygen.Read("key"));
        using var key = file.Open([]);
        Assert.False(file.IsEncrypted);
        Assert.Equal(type, key.PublicKey.Type);
        Assert.Equal(PublicKey.ParseLine(Encoding.UTF8.GetString(_keygen.Read("key.pub"))).Blob, file.PublicKey!.Blob);
        Assert.Equal(_keygen.Run("-l", "-f", "key").Split(' ')[1], key.PublicKey.Fingerprint);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ssh_keygen_verifies_what_the_key_signs(string kind, string type)
    {
        Generate(kind, passphrase: "");
        using var key = KeyFile.Parse("key", _keygen.Read("key")).Open([]);
        Assert.Equal(type, key.PublicKey.Type);
        foreach (var algorithm in key.PublicKey.SignatureAlgorithms)
        {
            File.WriteAllText(_keygen.PathOf("data.sig"), SshSignature.Make(key, algorithm, "data"u8));
            var said = _keygen.RunWithInput("data", "-Y", "check-novalidate", "-n", SshSignature.Namespace, "-s", "data.sig");
            Assert.Contains("Good", said, StringComparison.Ordinal);
        }
    }

    /// <summary>ssh-keygen -m PEM writes PKCS#1 and SEC 1; it has no such form of Ed25519 keys.</summary>
    [Theory]
    [InlineData("-t ecdsa -b 256", "PKCS8", "")]
    [InlineData("-t ecdsa -b 521", "PKCS8", "secret")]
    [InlineData("-t rsa -b 2048", "PKCS8", "secret")]
    [InlineData("-t ecdsa -b 384", "PEM", "")]
    [InlineData("-t ecdsa -b 256", "PEM", "secret")]
    [InlineData("-t rsa -b 2048", "PEM", "secret")]
    public void The_PEM_formats_of_ssh_keygen_open(string kind, string format, string passphrase)
    {
        Generate(kind + " -m " + format, passphrase);
        var file = KeyFile.Parse("key", _keygen.Read("key"));
        Assert.Equal(passphrase.Length > 0, file.IsEncrypted);
        using var key = file.Open(Encoding.UTF8.GetBytes(passphrase));
        Assert.Equal(PublicKey.ParseLine(Encoding.UTF8.GetString(_keygen.Read("key.pub"))).Blob, key.PublicKey.Blob);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_private_half_under_another_public_key_is_refused(string kind, string type)
    {
        Generate(kind, passphrase: "");
        var data = Decode("key");
        using var other = PrivateKey.Generate(type == "ssh-rsa" ? "ssh-ed25519" : type);
        var own = KeyFile.Parse("key", _keygen.Read("key")).PublicKey!.Blob.Span;
        var foreign = other.PublicKey.Blob.Span;
        // The outer public key and its length stand after: magic (15), "none" and "none" (8 each), "" (4), the count (4).
        const int position = 15 + 8 + 8 + 4 + 4;
        Assert.True(data.AsSpan(position + 4, own.Length).SequenceEqual(own));
        byte[] swapped = [.. data.AsSpan(0, position), 0, 0, (byte)(foreign.Length >> 8), (byte)foreign.Length, .. foreign,
            .. data.AsSpan(position + 4 + own.Length)];
        Assert.Contains("damaged", AssertUnusable(swapped).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_cut_off_anywhere_or_too_long_is_refused(string kind, string type)
    {
        Assert.NotNull(type);
        Generate(kind, passphrase: "");
        var data = Decode("key");
        for (var length = 1; length < data.Length; length++)
            AssertUnusable(data[..length]);
        AssertUnusable([.. data, 0]);
    }

    /// <summary>Every byte matters but those of the key derivation's name and options, the comment, and the two check numbers.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_with_any_byte_changed_is_the_same_good_key_or_refused(string kind, string type)
    {
        Assert.NotNull(type);
        Generate(kind, passphrase: "");
        var data = Decode("key");
        var expected = KeyFile.Parse("key", _keygen.Read("key")).PublicKey!.Blob;
        Corruption.Try(data, changed =>
        {
            try
            {
                using var key = KeyFile.Parse("key", Encode(changed)).Open([]);
                var algorithm = key.PublicKey.SignatureAlgorithms[^1];
                Assert.Equal(expected, key.PublicKey.Blob);
                Assert.True(key.PublicKey.Verify(algorithm, "data"u8, key.Sign(algorithm, "data"u8)));
            }
            catch (SshException exception)
            {
                Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
            }
        });
    }

    [Fact]
    public void A_key_in_a_FIDO_device_is_for_the_agent()
    {
        using var device = new PlayedDevice();
        var data = CertificateMaker.Write(writer =>
        {
            writer.WriteBytes("openssh-key-v1\0"u8);
            writer.WriteText("none");
            writer.WriteText("none");
            writer.WriteText("");
            writer.WriteUInt32(1);
            writer.WriteString(device.Blob);
            writer.WriteString(new byte[8]);
        });
        Assert.Contains("give it the key with: ssh-add FILE", AssertUnusable(data).Message, StringComparison.Ordinal);
    }

    private static SshException AssertUnusable(byte[] data)
    {
        var exception = Assert.Throws<SshException>(() => KeyFile.Parse("key", Encode(data)));
        Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        return exception;
    }

    private static byte[] Encode(byte[] data) => Encoding.ASCII.GetBytes(
        $"-----BEGIN OPENSSH PRIVATE KEY-----\n{Convert.ToBase64String(data)}\n-----END OPENSSH PRIVATE KEY-----\n");

    private byte[] Decode(string name)
    {
        var lines = Encoding.ASCII.GetString(_keygen.Read(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Convert.FromBase64String(string.Concat(lines[1..^1]));
    }

    private void Generate(string kind, string passphrase) =>
        _keygen.Run(["-q", .. kind.Split(' '), "-N", passphrase, "-C", "alice@example", "-f", "key"]);
}
