using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Tests.Keys.Certificates;

namespace ActorTunnel.Ssh.Tests.Keys;

/// <summary>What <see cref="KnownHostsPolicy"/> makes of certificates.</summary>
public sealed class CertifiedHostsTests : IDisposable
{
    private static readonly PrivateKey _authority = PrivateKey.Generate("ssh-ed25519");
    private static readonly PrivateKey _key = PrivateKey.Generate("ecdsa-sha2-nistp256");
    private static readonly PrivateKey _otherKey = PrivateKey.Generate("ecdsa-sha2-nistp256");
    private static readonly CertificateMaker _maker = new(_authority, _key.PublicKey);
    private static readonly Certificate _certificate = _maker.Parse();
    private static readonly Certificate _expired = (_maker with { ValidBefore = 1 }).Parse();

    private readonly SshKeygen _folder = new();
    private readonly List<string> _notices = [];

    private string KnownHosts => _folder.PathOf("known_hosts");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("h")]
    [InlineData("[h]:2222")]
    [InlineData("*,!evil")]
    [InlineData("?")]
    public async Task A_certificate_of_a_known_authority_is_accepted_in_every_mode(string hosts)
    {
        Write($"@cert-authority {hosts} {_authority.PublicKey.ToLine()}");
        foreach (var mode in Enum.GetValues<StrictHostKeyChecking>())
            await Policy(mode, port: hosts.Contains(':', StringComparison.Ordinal) ? 2222 : 22).CheckAsync(_certificate, default);
        Assert.Single(File.ReadAllLines(KnownHosts));
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task An_authority_without_port_is_good_for_every_port()
    {
        Write($"@cert-authority h {_authority.PublicKey.ToLine()}");
        await Policy(port: 2222).CheckAsync(_certificate, default);
    }

    [Theory]
    [InlineData("@cert-authority other")]
    [InlineData("@cert-authority *,!h")]
    [InlineData("h")]
    public async Task An_authority_that_is_not_one_for_this_host_counts_for_nothing(string line)
    {
        Write($"{line} {_authority.PublicKey.ToLine()}");
        await Assert.ThrowsAsync<SshException>(() => Policy().CheckAsync(_certificate, default).AsTask());
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_counts_as_the_key_it_certifies()
    {
        Write($"@cert-authority h {_otherKey.PublicKey.ToLine()}");
        await RefusedAsync(Policy(), _certificate, SshFailure.HostKeyUnknown);
        await Policy(StrictHostKeyChecking.AcceptNew).CheckAsync(_certificate, default);
        Assert.Equal($"h {_key.PublicKey.ToLine()}", File.ReadAllLines(KnownHosts)[1]);
        await Policy().CheckAsync(_certificate, default);

        Write($"h {_otherKey.PublicKey.ToLine()}");
        await RefusedAsync(Policy(StrictHostKeyChecking.No), _certificate, SshFailure.HostKeyChanged);
    }

    [Fact]
    public async Task A_certificate_that_does_not_hold_counts_as_the_key_it_certifies_and_says_why()
    {
        Write($"@cert-authority h {_authority.PublicKey.ToLine()}");
        await RefusedAsync(Policy(), _expired, SshFailure.HostKeyUnknown);
        Assert.Equal("The host certificate of h does not count: it was valid until 1970-01-01 00:00:01Z.", Assert.Single(_notices));
        Write($"@cert-authority h {_authority.PublicKey.ToLine()}", $"h {_key.PublicKey.ToLine()}");
        await Policy().CheckAsync(_expired, default);
    }

    [Fact]
    public async Task The_clock_is_the_one_it_was_given()
    {
        Write($"@cert-authority h {_authority.PublicKey.ToLine()}");
        await Policy(time: new StoppedClock(DateTimeOffset.UnixEpoch)).CheckAsync(_expired, default);
        await RefusedAsync(
            Policy(time: new StoppedClock(DateTimeOffset.UnixEpoch.AddSeconds(1))), _expired, SshFailure.HostKeyUnknown);
    }

    [Theory]
    [InlineData(22)]
    [InlineData(2222)]
    public async Task A_revoked_authority_and_a_revoked_certified_key_are_refused_in_every_mode(int port)
    {
        foreach (var revoked in new[] { _authority, _key })
        {
            Write(
                $"@cert-authority h {_authority.PublicKey.ToLine()}", $"h {_key.PublicKey.ToLine()}",
                $"[h]:2222 {_key.PublicKey.ToLine()}", $"@revoked h {revoked.PublicKey.ToLine()}");
            foreach (var mode in Enum.GetValues<StrictHostKeyChecking>())
            {
                await RefusedAsync(Policy(mode, port: port), _certificate, SshFailure.HostKeyChanged);
                await RefusedAsync(Policy(mode, port: port), _expired, SshFailure.HostKeyChanged);
            }
        }
    }

    [Fact]
    public void Certificates_are_asked_for_where_an_authority_is_known()
    {
        Write(
            $"@cert-authority *.example {_authority.PublicKey.ToLine()}",
            $"h.example {_key.PublicKey.ToLine()}",
            $"@revoked * {_key.PublicKey.ToLine()}");
        Assert.Equal([.. KeyAlgorithms.CertificateTypes, "ecdsa-sha2-nistp256"], Policy(host: "h.example").KnownKeyTypes);
        Assert.Equal([.. KeyAlgorithms.CertificateTypes, "ecdsa-sha2-nistp256"], Policy(host: "h.example", port: 2222).KnownKeyTypes);
        Assert.Empty(Policy(host: "h").KnownKeyTypes);
    }

    [Fact]
    public void An_authority_whose_signatures_cannot_be_checked_here_is_not_known()
    {
        Write("@cert-authority h ssh-dss AAAAB3NzaC1kc3MAAAAA");
        Assert.Empty(Policy().KnownKeyTypes);
    }

    [Fact]
    public async Task A_certificate_is_for_the_alias_when_there_is_one()
    {
        Write($"@cert-authority * {_authority.PublicKey.ToLine()}");
        await Policy(host: "10.0.0.1", port: 2222, alias: "h").CheckAsync(_certificate, default);
        await RefusedAsync(Policy(alias: "other"), _certificate, SshFailure.HostKeyUnknown);
    }

    private static async Task RefusedAsync(KnownHostsPolicy policy, PublicKey key, SshFailure failure) =>
        Assert.Equal(failure, (await Assert.ThrowsAsync<SshException>(() => policy.CheckAsync(key, default).AsTask())).Failure);

    private void Write(params string[] lines) => File.WriteAllLines(KnownHosts, lines);

    private KnownHostsPolicy Policy(
        StrictHostKeyChecking mode = StrictHostKeyChecking.Yes,
        string host = "h",
        int port = 22,
        string? alias = null,
        TimeProvider? time = null) => new(new()
        {
            Host = host,
            Port = port,
            HostKeyAlias = alias,
            Files = [KnownHosts],
            Mode = mode,
            Time = time ?? TimeProvider.System,
            Notice = _notices.Add,
        });

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
