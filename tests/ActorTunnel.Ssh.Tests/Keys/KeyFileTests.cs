using System.Text;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Tests.Keys;

public sealed class KeyFileTests
{
    private static readonly byte[] _passphrase = Encoding.UTF8.GetBytes(OpenSslKeys.Passphrase);

    [Theory]
    [InlineData(OpenSslKeys.Ed25519, OpenSslKeys.Ed25519Line)]
    [InlineData(OpenSslKeys.EcdsaWithParameters, OpenSslKeys.EcdsaLine)]
    [InlineData(OpenSslKeys.Rsa, OpenSslKeys.RsaLine)]
    public void A_plain_file_shows_its_public_key_and_opens_without_passphrase(string text, string publicLine)
    {
        var file = Parse(text);
        Assert.False(file.IsEncrypted);
        Assert.Equal(publicLine, file.PublicKey!.ToLine());
        AssertSigns(file, [], publicLine);
        AssertSigns(file, "ignored"u8, publicLine);
    }

    [Theory]
    [InlineData(OpenSslKeys.Ed25519EncryptedAes256Sha256, OpenSslKeys.Ed25519Line)]
    [InlineData(OpenSslKeys.Ed25519EncryptedAes192Sha512, OpenSslKeys.Ed25519Line)]
    [InlineData(OpenSslKeys.Ed25519EncryptedAes128Sha1, OpenSslKeys.Ed25519Line)]
    [InlineData(OpenSslKeys.EcdsaEncryptedAes192, OpenSslKeys.EcdsaLine)]
    [InlineData(OpenSslKeys.RsaEncryptedAes256, OpenSslKeys.RsaLine)]
    public void An_encrypted_file_opens_with_its_passphrase_only(string text, string publicLine)
    {
        var file = Parse(text);
        Assert.True(file.IsEncrypted);
        Assert.Null(file.PublicKey);
        AssertSigns(file, _passphrase, publicLine);
        foreach (var wrong in new[] { "", "wrong", "correct ", "Correct" })
            AssertUnusable(() => file.Open(Encoding.UTF8.GetBytes(wrong)), "the passphrase is wrong");
    }

    [Theory]
    [InlineData(OpenSslKeys.RsaTooShort, "has 1024 bits")]
    [InlineData(OpenSslKeys.CurveThatSshDoesNotHave, "curve")]
    [InlineData(OpenSslKeys.AlgorithmThatDoesNotSign, "algorithm is not supported")]
    [InlineData("", "not a private key")]
    [InlineData(OpenSslKeys.Ed25519Line, "not a private key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "damaged")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n", "not a private key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "not a private key")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "damaged")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "not a private key")]
    public void A_file_that_cannot_be_used_says_why(string text, string why) => AssertUnusable(() => Parse(text), why);

    [Theory]
    [InlineData(OpenSslKeys.Ed25519EncryptedScrypt)]
    [InlineData(OpenSslKeys.EcdsaEncryptedTripleDes)]
    public void An_encryption_that_is_not_supported_says_how_to_convert_the_file(string text) =>
        AssertUnusable(() => Parse(text), "its encryption is not supported here");

    [Theory]
    [InlineData(OpenSslKeys.Ed25519)]
    [InlineData(OpenSslKeys.Rsa)]
    public void A_plain_key_is_gone_from_memory_once_its_file_is_disposed(string text)
    {
        var file = Parse(text);
        file.Dispose();
        AssertUnusable(() => file.Open([]), "damaged");
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_looked_at() =>
        AssertUnusable(() => KeyFile.Parse("key", new byte[KeyFile.MaximumSize + 1]), "not a private key");

    [Fact]
    public void Line_ends_text_around_the_key_and_indentation_do_not_matter()
    {
        var text = "Bag Attributes: none\r\n" + OpenSslKeys.Ed25519.ReplaceLineEndings("\r\n") + "\r\ntrailing";
        AssertSigns(Parse(text), [], OpenSslKeys.Ed25519Line);
        AssertSigns(Parse(OpenSslKeys.RsaEncryptedAes256.ReplaceLineEndings("\r\n")), _passphrase, OpenSslKeys.RsaLine);
    }

    [Theory]
    [InlineData(OpenSslKeys.Ed25519)]
    [InlineData(OpenSslKeys.Ed25519EncryptedAes256Sha256)]
    [InlineData(OpenSslKeys.EcdsaEncryptedAes192)]
    [InlineData(OpenSslKeys.EcdsaWithParameters)]
    public void A_file_cut_off_anywhere_is_unusable(string text)
    {
        for (var length = 0; length < text.Length; length++)
            AssertUnusable(() => Parse(text[..length]), "not a private key");
    }

    /// <summary>With the right passphrase too, so that what lies behind the encryption is reached.</summary>
    [Theory]
    [InlineData(OpenSslKeys.Ed25519)]
    [InlineData(OpenSslKeys.EcdsaWithParameters)]
    [InlineData(OpenSslKeys.Rsa)]
    [InlineData(OpenSslKeys.Ed25519EncryptedAes128Sha1)]
    [InlineData(OpenSslKeys.EcdsaEncryptedAes192)]
    public void A_file_with_any_byte_changed_opens_or_is_unusable(string text) => Corruption.Try(Encoding.ASCII.GetBytes(text), bytes =>
    {
        try
        {
            KeyFile.Parse("key", bytes).Open(_passphrase).Dispose();
        }
        catch (SshException exception)
        {
            Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        }
    });

    private static KeyFile Parse(string text) => KeyFile.Parse("/home/alice/key", Encoding.UTF8.GetBytes(text));

    private static void AssertSigns(KeyFile file, ReadOnlySpan<byte> passphrase, string publicLine)
    {
        using var key = file.Open(passphrase);
        Assert.Equal(publicLine, key.PublicKey.ToLine());
        var algorithm = key.PublicKey.SignatureAlgorithms[0];
        Assert.True(PublicKey.ParseLine(publicLine).Verify(algorithm, "data"u8, key.Sign(algorithm, "data"u8)));
    }

    private static void AssertUnusable(Func<object> action, string why)
    {
        var exception = Assert.Throws<SshException>(action);
        Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        Assert.StartsWith("Cannot use the key file ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
