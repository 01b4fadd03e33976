using System.Security.Cryptography;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Keys.Certificates;
using ActorTunnel.Ssh.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Keys.Certificates;

public sealed class CertificateFormatTests : IDisposable
{
    private static readonly PrivateKey _authority = PrivateKey.Generate("ssh-ed25519");
    private static readonly PrivateKey _key = PrivateKey.Generate("ecdsa-sha2-nistp256");
    private static readonly CertificateMaker _maker = new(_authority, _key.PublicKey);

    private readonly SshKeygen _keygen = new();

    public static TheoryData<string> KeyTypes => [.. KeyAlgorithms.KeyTypes];

    public static TheoryData<string> KeygenTypes => ["ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa"];

    public void Dispose() => _keygen.Dispose();

    [Theory]
    [MemberData(nameof(KeygenTypes))]
    public void A_host_certificate_of_ssh_keygen_says_what_it_was_made_with(string type)
    {
        MakeKeys(type, type);
        _keygen.Run(
            "-q", "-s", "ca", "-I", "the key id", "-h", "-n", "a.example,b.example", "-z", "18446744073709551615",
            "-V", "20260102030405Z:20270102030405Z", "key.pub");
        var certificate = (Certificate)Read("key-cert.pub");
        Assert.Equal(_keygen.Run("-lf", "key-cert.pub").Split(' ')[1], certificate.Fingerprint);
        Assert.Equal(Read("key.pub").Blob, certificate.Key.Blob);
        Assert.Equal(Read("ca.pub").Blob, certificate.SignatureKey.Blob);
        Assert.Equal(certificate.Key.Type + "-cert-v01@openssh.com", certificate.Type);
        Assert.Equal(certificate.Key.SignatureAlgorithms.Select(name => name + "-cert-v01@openssh.com"), certificate.SignatureAlgorithms);
        Assert.Equal(CertificateKind.Host, certificate.Kind);
        Assert.Equal("the key id", certificate.KeyId);
        Assert.Equal(ulong.MaxValue, certificate.Serial);
        Assert.Equal(["a.example", "b.example"], certificate.Principals);
        Assert.Equal(DateTimeOffset.Parse("2026-01-02T03:04:05Z"), certificate.ValidAfter);
        Assert.Equal(DateTimeOffset.Parse("2027-01-02T03:04:05Z"), certificate.ValidBefore);
        Assert.Empty(certificate.CriticalOptions);
    }

    [Fact]
    public void A_user_certificate_of_ssh_keygen_has_its_options()
    {
        MakeKeys("ed25519", "ed25519");
        _keygen.Run("-q", "-s", "ca", "-I", "i", "-O", "force-command=true", "-O", "source-address=::1", "-O", "no-pty", "key.pub");
        var certificate = (Certificate)Read("key-cert.pub");
        Assert.Equal(CertificateKind.User, certificate.Kind);
        Assert.Empty(certificate.Principals);
        Assert.Equal(["force-command", "source-address"], certificate.CriticalOptions);
        Assert.Equal(DateTimeOffset.UnixEpoch, certificate.ValidAfter);
        Assert.Equal(9999, certificate.ValidBefore.Year);
    }

    [Theory]
    [InlineData("rsa-sha2-256", true)]
    [InlineData("rsa-sha2-512", true)]
    [InlineData("ssh-rsa", false)]
    public void A_certificate_is_signed_with_SHA_2(string algorithm, bool isAccepted)
    {
        MakeKeys("rsa", "ed25519");
        _keygen.Run("-q", "-s", "ca", "-t", algorithm, "-I", "i", "-h", "-n", "h", "key.pub");
        if (isAccepted)
            Assert.IsType<Certificate>(Read("key-cert.pub"));
        else
            Assert.Throws<SshException>(() => Read("key-cert.pub"));
    }

    [Theory]
    [MemberData(nameof(KeyTypes))]
    public void The_certified_key_signs_with_its_plain_algorithm_under_the_certificates_name(string type)
    {
        using var key = PrivateKey.Generate(type);
        var certificate = new CertificateMaker(_authority, key.PublicKey).Parse();
        foreach (var (algorithm, plain) in certificate.SignatureAlgorithms.Zip(key.PublicKey.SignatureAlgorithms))
        {
            Assert.Equal(plain, CertificateNames.Plain(algorithm));
            Assert.Equal(certificate.Type, KeyAlgorithms.KeyType(algorithm));
            var signature = key.Sign(plain, [1, 2, 3]);
            Assert.True(certificate.Verify(algorithm, [1, 2, 3], signature));
            Assert.False(certificate.Verify(algorithm, [1, 2], signature));
            Assert.False(certificate.Verify(plain, [1, 2, 3], signature));
            Assert.False(key.PublicKey.Verify(algorithm, [1, 2, 3], signature));
        }
    }

    [Theory]
    [MemberData(nameof(KeyTypes))]
    public void A_certificate_reads_back_from_its_blob_and_its_line(string type)
    {
        using var key = PrivateKey.Generate(type);
        var certificate = new CertificateMaker(_authority, key.PublicKey).Parse();
        Assert.Equal(certificate.Blob, PublicKey.Parse(certificate.Blob.Span).Blob);
        Assert.Equal(certificate.Blob, PublicKey.ParseLine(certificate.ToLine()).Blob);
        Assert.Equal(key.PublicKey.Fingerprint, certificate.Fingerprint);
    }

    [Theory]
    [MemberData(nameof(KeyTypes))]
    public void A_certificate_cut_off_anywhere_or_too_long_is_refused(string type)
    {
        using var key = PrivateKey.Generate(type);
        var blob = new CertificateMaker(_authority, key.PublicKey).Make();
        for (var length = 0; length < blob.Length; length++)
            AssertMalformed(blob[..length]);
        AssertMalformed([.. blob, 0]);
    }

    [Theory]
    [MemberData(nameof(KeyTypes))]
    public void A_certificate_with_any_byte_changed_is_refused(string type)
    {
        using var key = PrivateKey.Generate(type);
        Corruption.Try(new CertificateMaker(_authority, key.PublicKey).Make(), AssertMalformed);
    }

    [Fact]
    public void Arbitrary_fields_under_a_right_signature_are_a_certificate_or_a_protocol_error() =>
        Prop.ForAll<byte[], byte[], byte[]>((principals, critical, extensions) =>
        {
            var blob = (_maker with
            {
                Principals = principals ?? [],
                CriticalOptions = critical ?? [],
                Extensions = extensions ?? [],
            }).Make();
            try
            {
                Assert.Equal(blob, PublicKey.Parse(blob).Blob.ToArray());
            }
            catch (SshException exception)
            {
                Assert.Equal(SshFailure.ProtocolError, exception.Failure);
            }
        }).Check(Seeded.Cases);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(uint.MaxValue)]
    public void A_certificate_is_a_users_or_a_hosts(uint kind) => AssertMalformed((_maker with { Kind = kind }).Make());

    [Theory]
    [InlineData("ssh-dss-cert-v01@openssh.com")]
    [InlineData("-cert-v01@openssh.com")]
    [InlineData("ecdsa-sha2-nistp256-cert-v01@openssh.com-cert-v01@openssh.com")]
    [InlineData("ecdsa-sha2-nistp256-cert-v00@openssh.com")]
    [InlineData("ssh-ed25519-cert-v01@openssh.com")]
    public void A_certificate_of_another_type_than_its_key_is_refused(string type) => AssertMalformed((_maker with { Type = type }).Make());

    [Fact]
    public void A_certificate_is_not_signed_by_a_certificate() =>
        AssertMalformed((_maker with { SignatureKey = new CertificateMaker(_authority, _authority.PublicKey).Make() }).Make());

    /// <summary>Nobody here verifies what a FIDO device signed: a host must not be believed for it.</summary>
    [Fact]
    public void A_hosts_certificate_is_not_signed_by_a_FIDO_device()
    {
        using var device = new PlayedDevice();
        var maker = _maker with { SignatureKey = device.Blob, Sign = device.Sign };
        AssertMalformed(maker.Make());
        Assert.Equal("sk-ssh-ed25519@openssh.com", (maker with { Kind = (uint)CertificateKind.User }).Parse().SignatureKey.Type);
    }

    [Fact]
    public void The_certificate_of_a_FIDO_device_is_carried_whole_and_called_as_OpenSSH_calls_it()
    {
        using var device = new PlayedDevice();
        var key = PublicKey.ParseLine(device.Line);
        Assert.Equal(device.Blob, key.Blob.ToArray());
        var maker = new CertificateMaker(_authority, key) { Type = "sk-ssh-ed25519-cert-v01@openssh.com" };
        var certificate = maker.Parse();
        Assert.Equal(maker.Type, certificate.Type);
        Assert.Equal([maker.Type], certificate.SignatureAlgorithms);
        Assert.Equal(key.Type, CertificateNames.Plain(certificate.Type));
        Assert.Equal(device.Blob, certificate.Key.Blob.ToArray());
        for (var length = 0; length < certificate.Blob.Length; length++)
            AssertMalformed(certificate.Blob[..length].ToArray());
    }

    [Fact]
    public void A_certificate_signed_by_another_key_than_it_names_is_refused() =>
        AssertMalformed((_maker with { Sign = signed => Sign(_key, signed) }).Make());

    [Fact]
    public void The_signature_is_over_every_field_before_it() =>
        AssertMalformed((_maker with { Sign = signed => Sign(_authority, signed[..^1]) }).Make());

    [Fact]
    public void A_certified_key_has_one_spelling()
    {
        using var rsa = RSA.Create(2048);
        var numbers = rsa.ExportParameters(false);
        using var key = new RsaPrivateKey(rsa);
        var maker = new CertificateMaker(_authority, key.PublicKey);
        AssertMalformed((maker with { KeyFields = Fields(0) }).Make());
        Assert.Equal(maker.KeyFields, Fields());

        byte[] Fields(params byte[] zeros) => CertificateMaker.Write(writer =>
        {
            writer.WriteString([.. zeros, .. numbers.Exponent!]);
            writer.WriteString([0, .. numbers.Modulus!]);
        });
    }

    [Fact]
    public void Each_list_has_at_most_256_entries()
    {
        var names = Enumerable.Range(1000, CertificateFormat.MaximumEntries + 1).Select(i => $"n{i}").ToArray();
        var allowed = names[1..];
        var certificate = (_maker with
        {
            Principals = CertificateMaker.Strings(allowed),
            CriticalOptions = Options(allowed),
            Extensions = Options(allowed),
        }).Parse();
        Assert.Equal(allowed, certificate.Principals);
        Assert.Equal(allowed, certificate.CriticalOptions);
        AssertMalformed((_maker with { Principals = CertificateMaker.Strings(names) }).Make());
        AssertMalformed((_maker with { CriticalOptions = Options(names) }).Make());
        AssertMalformed((_maker with { Extensions = Options(names) }).Make());
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("b", "a")]
    [InlineData("", "")]
    public void Options_stand_in_lexical_order_and_once(string first, string second)
    {
        AssertMalformed((_maker with { CriticalOptions = Options(first, second) }).Make());
        AssertMalformed((_maker with { Extensions = Options(first, second) }).Make());
    }

    [Theory]
    [InlineData(253402300799)]
    [InlineData(253402300800)]
    [InlineData(ulong.MaxValue)]
    public void A_time_after_the_year_9999_is_the_last_there_is(ulong seconds)
    {
        var certificate = (_maker with { ValidAfter = seconds, ValidBefore = seconds }).Parse();
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(253402300799), certificate.ValidAfter);
        Assert.Equal(certificate.ValidAfter, certificate.ValidBefore);
    }

    private static byte[] Options(params string[] names) =>
        CertificateMaker.Strings([.. names.SelectMany(name => (string[])[name, "data"])]);

    private static byte[] Sign(PrivateKey key, byte[] data) => key.Sign(key.PublicKey.SignatureAlgorithms[0], data);

    private static void AssertMalformed(byte[] blob) =>
        Assert.Equal(SshFailure.ProtocolError, Assert.Throws<SshException>(() => PublicKey.Parse(blob)).Failure);

    private void MakeKeys(string authority, string key)
    {
        _keygen.Run(["-q", "-N", "", "-f", "ca", "-t", .. authority.Split(' ')]);
        _keygen.Run(["-q", "-N", "", "-f", "key", "-t", .. key.Split(' ')]);
    }

    private PublicKey Read(string name) => PublicKey.ParseLine(File.ReadAllText(_keygen.PathOf(name)));
}
