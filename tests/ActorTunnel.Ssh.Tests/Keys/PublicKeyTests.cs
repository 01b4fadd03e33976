using System.Buffers;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Keys;

public sealed class PublicKeyTests
{
    public static TheoryData<string> Types =>
        ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_key_reads_back_from_its_blob_and_its_line(string type)
    {
        using var key = PrivateKey.Generate(type);
        var blob = key.PublicKey.Blob;
        Assert.Equal(type, key.PublicKey.Type);
        Assert.Equal(blob, PublicKey.Parse(blob.Span).Blob);
        Assert.Equal(blob, PublicKey.ParseLine(key.PublicKey.ToLine()).Blob);
        Assert.Equal(blob, PublicKey.ParseLine($"  {key.PublicKey.ToLine()}\ta comment, and more\r\n").Blob);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_blob_cut_off_anywhere_or_too_long_is_refused(string type)
    {
        using var key = PrivateKey.Generate(type);
        var blob = key.PublicKey.Blob.ToArray();
        for (var length = 0; length < blob.Length; length++)
            AssertMalformed(blob[..length]);
        AssertMalformed([.. blob, 0]);
    }

    [Fact]
    public void Arbitrary_bytes_are_a_key_or_a_protocol_error() => Prop.ForAll<byte[]>(bytes =>
    {
        try
        {
            _ = PublicKey.Parse(bytes ?? []);
        }
        catch (SshException exception)
        {
            Assert.Equal(SshFailure.ProtocolError, exception.Failure);
        }
    }).Check(Seeded.Cases);

    [Theory]
    [MemberData(nameof(Types))]
    public void A_blob_with_any_byte_changed_is_another_key_or_refused(string type)
    {
        using var key = PrivateKey.Generate(type);
        Corruption.Try(key.PublicKey.Blob.Span, blob =>
        {
            try
            {
                Assert.Equal(blob, PublicKey.Parse(blob).Blob.ToArray());
            }
            catch (SshException exception)
            {
                Assert.Equal(SshFailure.ProtocolError, exception.Failure);
            }
        });
    }

    [Fact]
    public void A_point_off_the_curve_a_foreign_curve_and_a_compressed_point_are_refused()
    {
        using var key = PrivateKey.Generate("ecdsa-sha2-nistp256");
        var blob = key.PublicKey.Blob.ToArray();
        var point = blob[^65..];
        AssertMalformed(Blob("ecdsa-sha2-nistp256", "nistp256"u8.ToArray(), [.. point[..^1], (byte)(point[^1] ^ 1)]));
        AssertMalformed(Blob("ecdsa-sha2-nistp256", "nistp384"u8.ToArray(), point));
        AssertMalformed(Blob("ecdsa-sha2-nistp256", "nistp256"u8.ToArray(), [(byte)(2 + (point[^1] & 1)), .. point[1..33]]));
        Assert.Equal(blob, Blob("ecdsa-sha2-nistp256", "nistp256"u8.ToArray(), point));
    }

    [Theory]
    [InlineData(2047, false)]
    [InlineData(2048, true)]
    [InlineData(16384, true)]
    [InlineData(16385, false)]
    public void An_RSA_modulus_has_2048_to_16384_bits(int bits, bool accepted)
    {
        var modulus = new byte[(bits + 7) / 8];
        modulus[0] = (byte)(1 << ((bits - 1) % 8));
        modulus[^1] |= 1;
        var blob = RsaBlob([1, 0, 1], modulus);
        if (accepted)
            Assert.Equal(blob, PublicKey.Parse(blob).Blob.ToArray());
        else
            AssertMalformed(blob);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("010000")]
    [InlineData("010000000000000001")]
    public void An_RSA_exponent_that_is_one_even_or_huge_is_refused(string exponent) =>
        AssertMalformed(RsaBlob(Convert.FromHexString(exponent), [0x80, .. new byte[254], 1]));

    [Fact]
    public void A_number_with_a_needless_leading_zero_is_refused()
    {
        byte[] modulus = [0, 0x80, .. new byte[254], 1];
        Assert.NotNull(PublicKey.Parse(Blob("ssh-rsa", [1, 0, 1], modulus)));
        AssertMalformed(Blob("ssh-rsa", [0, 1, 0, 1], modulus));
        AssertMalformed(Blob("ssh-rsa", [1, 0, 1], [0, .. modulus]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-ed25519 not-base64!")]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea")]
    [InlineData("ssh-dss AAAAB3NzaC1kc3MAAAAA")]
    public void A_line_that_is_not_a_usable_key_says_so_in_one_line(string line)
    {
        var exception = Assert.Throws<SshException>(() => PublicKey.ParseLine(line));
        Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private static byte[] RsaBlob(byte[] exponent, byte[] modulus)
    {
        var blob = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(blob);
        writer.WriteText("ssh-rsa");
        writer.WritePositiveMpint(exponent);
        writer.WritePositiveMpint(modulus);
        return blob.WrittenSpan.ToArray();
    }

    private static byte[] Blob(string type, params byte[][] fields)
    {
        var blob = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(blob);
        writer.WriteText(type);
        foreach (var field in fields)
            writer.WriteString(field);
        return blob.WrittenSpan.ToArray();
    }

    private static void AssertMalformed(byte[] blob) =>
        Assert.Equal(SshFailure.ProtocolError, Assert.Throws<SshException>(() => PublicKey.Parse(blob)).Failure);
}
