using System.Text;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Keys.Certificates;
using ActorTunnel.Ssh.Tests.Keys;
using ActorTunnel.Ssh.Tests.Keys.Certificates;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Authentication;

/// <summary>Certificates of users: ssh-keygen makes them, sshd judges them.</summary>
public sealed class UserCertificateTests : IDisposable
{
    private readonly SshKeygen _keygen = new();

    public UserCertificateTests() => _keygen.Run("-q", "-t", "ed25519", "-N", "", "-f", "ca");

    public void Dispose() => _keygen.Dispose();

    [Theory]
    [InlineData("-t ed25519")]
    [InlineData("-t ecdsa -b 256")]
    [InlineData("-t ecdsa -b 384")]
    [InlineData("-t ecdsa -b 521")]
    [InlineData("-t rsa -b 2048")]
    public async Task A_certificate_logs_in_where_its_key_alone_does_not(string kind)
    {
        await using var sshd = await Sshd.StartAsync($"TrustedUserCAKeys {_keygen.PathOf("ca.pub")}");
        var (certificate, key) = Certify(kind, "-n", Sshd.User);
        using (key)
        {
            await LogInAsync(sshd, certificate, key);
            await AssertRefusedAsync(sshd, key.PublicKey, key);
        }
    }

    [Fact]
    public async Task The_principals_of_the_account_decide()
    {
        File.WriteAllText(_keygen.PathOf("principals"), "hub\nbackup\n");
        await using var sshd = await Sshd.StartAsync(
            $"TrustedUserCAKeys {_keygen.PathOf("ca.pub")}\nAuthorizedPrincipalsFile {_keygen.PathOf("principals")}");
        var (certificate, key) = Certify("-t ed25519", "-n", "other,backup");
        using (key)
            await LogInAsync(sshd, certificate, key);
        var (foreign, foreignKey) = Certify("-t ed25519", "-n", Sshd.User);
        using (foreignKey)
            await AssertRefusedAsync(sshd, foreign, foreignKey);
    }

    [Theory]
    [InlineData("-V", "20200101:20200102")]
    [InlineData("-O", "source-address=192.0.2.1")]
    public async Task A_certificate_that_does_not_hold_gives_way_to_the_next_credential(string option, string value)
    {
        await using var sshd = await Sshd.StartAsync($"TrustedUserCAKeys {_keygen.PathOf("ca.pub")}");
        var (certificate, key) = Certify("-t ed25519", "-n", Sshd.User, option, value);
        using (key)
        {
            await AssertRefusedAsync(sshd, certificate, key);
            await using var connection = await SshdClient.ConnectAsync(
                sshd, options => options with { Credentials = [Credentials.Of(certificate, key), Credentials.Of(sshd.UserKey)] });
        }
    }

    [Fact]
    public async Task A_certificate_of_an_authority_in_a_FIDO_device_logs_in()
    {
        using var device = new PlayedDevice();
        File.WriteAllText(_keygen.PathOf("device.pub"), device.Line);
        await using var sshd = await Sshd.StartAsync($"TrustedUserCAKeys {_keygen.PathOf("device.pub")}");
        using var key = PrivateKey.Generate("ssh-ed25519");
        var certificate = new CertificateMaker(key, key.PublicKey)
        {
            Kind = (uint)CertificateKind.User,
            Principals = CertificateMaker.Strings(Sshd.User),
            SignatureKey = device.Blob,
            Sign = device.Sign,
        };

        await LogInAsync(sshd, certificate.Parse(), key);
        await AssertRefusedAsync(sshd, (certificate with { Sign = _ => device.Sign([]) }).Parse(), key);
    }

    [Fact]
    public async Task A_certificate_that_fits_into_no_packet_gives_way_to_the_next_credential()
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        var names = Enumerable.Repeat(new string('x', 200), CertificateFormat.MaximumEntries).ToArray();
        var giant = new CertificateMaker(key, key.PublicKey) { Principals = CertificateMaker.Strings(names) }.Parse();
        await using var pair = await MemoryPair.ConnectAsync(
            MemoryPair.ClientOptions with { Credentials = [Credentials.Of(giant, key), Credentials.Passwords("secret")] },
            MemoryPair.ServerOptions with { CheckPublicKey = (_, _, _) => new(true) });

        var exception = await Assert.ThrowsAsync<SshException>(() => MemoryPair.ConnectAsync(
            MemoryPair.ClientOptions with { Credentials = [Credentials.Of(giant, key)] },
            MemoryPair.ServerOptions with { CheckPublicKey = (_, _, _) => new(true) }));
        Assert.Equal(SshFailure.AuthenticationFailed, exception.Failure);
        Assert.Contains(
            $"it has {giant.Blob.Length} bytes, more than the 16384 that are sent",
            exception.Message,
            StringComparison.Ordinal);
    }

    /// <summary>OpenSSH's server-sig-algs (RFC 8308) has plain names only.</summary>
    [Theory]
    [InlineData(null, "rsa-sha2-512")]
    [InlineData("ssh-ed25519,rsa-sha2-256", "rsa-sha2-256")]
    [InlineData("rsa-sha2-256,rsa-sha2-512", "rsa-sha2-512")]
    [InlineData("rsa-sha2-256-cert-v01@openssh.com,rsa-sha2-256", "rsa-sha2-256")]
    [InlineData("ssh-rsa", "rsa-sha2-512")]
    public void An_RSA_key_and_its_certificate_use_the_algorithm_that_the_server_names(string? accepted, string expected)
    {
        var (certificate, key) = Certify("-t rsa -b 2048");
        using var opened = key;
        Assert.Equal(expected, PublicKeyMethod.ChooseAlgorithm(key.PublicKey, accepted?.Split(',')));
        Assert.Equal(expected + "-cert-v01@openssh.com", PublicKeyMethod.ChooseAlgorithm(certificate, accepted?.Split(',')));
    }

    private static async Task AssertRefusedAsync(Sshd sshd, PublicKey shown, PrivateKey key)
    {
        var exception = await Assert.ThrowsAsync<SshException>(() => LogInAsync(sshd, shown, key));
        Assert.Equal(SshFailure.AuthenticationFailed, exception.Failure);
        Assert.Contains($"publickey ({shown.Type} {key.PublicKey.Fingerprint})", exception.Message, StringComparison.Ordinal);
    }

    private static async Task LogInAsync(Sshd sshd, PublicKey shown, PrivateKey key)
    {
        await using var connection = await SshdClient.ConnectAsync(
            sshd, options => options with { Credentials = [Credentials.Of(shown, key)] });
        await connection.PingAsync(CancellationToken.None).AsTask().WaitAsync(SshdClient.Bound);
    }

    private (Certificate Certificate, PrivateKey Key) Certify(string kind, params string[] options)
    {
        var name = Guid.NewGuid().ToString("N");
        _keygen.Run(["-q", .. kind.Split(' '), "-N", "", "-f", name]);
        _keygen.Run(["-q", "-s", "ca", "-I", "alice", .. options, name + ".pub"]);
        var line = Encoding.UTF8.GetString(_keygen.Read(name + "-cert.pub"));
        return ((Certificate)PublicKey.ParseLine(line), KeyFile.Parse(name, _keygen.Read(name)).Open([]));
    }
}
