using System.Buffers;
using System.Security.Cryptography;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Keys;

public sealed class SignatureTests
{
    private static readonly byte[] _data = [.. "what is signed"u8];

    public static TheoryData<string> Algorithms => [.. KeyAlgorithms.SignatureAlgorithms];

    [Fact]
    public void Offers_no_algorithm_with_SHA_1() => Assert.Equal(
        ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"],
        KeyAlgorithms.SignatureAlgorithms);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_signature_verifies_with_its_key_and_algorithm_only(string algorithm)
    {
        using var key = PrivateKey.Generate(KeyAlgorithms.KeyType(algorithm));
        using var other = PrivateKey.Generate(key.PublicKey.Type);
        var signature = key.Sign(algorithm, _data);
        Assert.True(PublicKey.Parse(key.PublicKey.Blob.Span).Verify(algorithm, _data, signature));
        Assert.False(key.PublicKey.Verify(algorithm, [.. _data, 0], signature));
        Assert.False(other.PublicKey.Verify(algorithm, _data, signature));
        foreach (var another in KeyAlgorithms.SignatureAlgorithms.Where(name => name != algorithm))
            Assert.False(key.PublicKey.Verify(another, _data, signature));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_signature_with_any_byte_changed_cut_off_or_added_does_not_verify(string algorithm)
    {
        using var key = PrivateKey.Generate(KeyAlgorithms.KeyType(algorithm));
        var signature = key.Sign(algorithm, _data);
        for (var i = 0; i < signature.Length; i++)
        {
            signature[i] ^= 0x01;
            Assert.False(key.PublicKey.Verify(algorithm, _data, signature));
            signature[i] ^= 0x01;
            Assert.False(key.PublicKey.Verify(algorithm, _data, signature.AsSpan(0, i)));
        }

        Assert.False(key.PublicKey.Verify(algorithm, _data, [.. signature, 0]));
    }

    [Fact]
    public void Arbitrary_bytes_are_never_a_signature_and_never_an_error()
    {
        using var key = PrivateKey.Generate("ecdsa-sha2-nistp256");
        Prop.ForAll<byte[]>(bytes => !key.PublicKey.Verify(key.PublicKey.Type, _data, Named(key.PublicKey.Type, bytes ?? [])))
            .Check(Seeded.Cases);
    }

    [Fact]
    public void The_name_ssh_rsa_neither_signs_nor_verifies()
    {
        using var key = PrivateKey.Generate("ssh-rsa");
        Assert.Throws<ArgumentException>(() => key.Sign("ssh-rsa", _data));
        var asSha512 = key.Sign("rsa-sha2-512", _data);
        Assert.False(key.PublicKey.Verify("ssh-rsa", _data, asSha512));
    }

    [Fact]
    public void An_RSA_signature_sent_without_its_leading_zero_verifies()
    {
        using var rsa = RSA.Create(2048);
        using var key = new RsaPrivateKey(rsa);
        var (data, raw) = Enumerable.Range(0, int.MaxValue)
            .Select(BitConverter.GetBytes)
            .Select(data => (data, raw: rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)))
            .First(signed => signed.raw[0] == 0);

        Assert.True(key.PublicKey.Verify("rsa-sha2-256", data, Named("rsa-sha2-256", raw.AsSpan(1))));
        Assert.False(key.PublicKey.Verify("rsa-sha2-256", data, Named("rsa-sha2-256", [0, .. raw])));
    }

    private static byte[] Named(string algorithm, ReadOnlySpan<byte> raw)
    {
        var signature = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(signature);
        writer.WriteText(algorithm);
        writer.WriteString(raw);
        return signature.WrittenSpan.ToArray();
    }
}
