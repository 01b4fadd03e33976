using System.Diagnostics;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Tests.Keys;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests;

/// <summary>Certificates and known_hosts between our client, OpenSSH's server and OpenSSH's client.</summary>
public sealed class HostTrustTests : IDisposable
{
    private static readonly string[] _keyTypes = ["ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa"];

    private readonly SshKeygen _keygen = new();
    private readonly List<string> _notices = [];

    private string KnownHosts => _keygen.PathOf("known_hosts");

    public void Dispose() => _keygen.Dispose();

    [Fact]
    public async Task Every_certificate_algorithm_is_verified_against_an_authority_and_no_key_is_written_down()
    {
        await using var sshd = await StartAsync(_keyTypes);
        Trust("127.0.0.*");
        foreach (var algorithm in KeyAlgorithms.CertificateAlgorithms)
        {
            await using var connection = await ConnectAsync(sshd, choice => choice with { HostKeys = [algorithm] });
            Assert.Equal(KeyAlgorithms.KeyType(algorithm), Assert.IsType<Certificate>(connection.HostKey).Type);
            await connection.PingAsync(CancellationToken.None).AsTask().WaitAsync(SshdClient.Bound);
        }

        Assert.Single(File.ReadAllLines(KnownHosts));
    }

    [Fact]
    public async Task A_certificate_survives_new_keys_for_the_connection()
    {
        await using var sshd = await StartAsync(["rsa"], "RekeyLimit 1K");
        Trust("*");
        await using var connection = await ConnectAsync(sshd);
        for (var i = 0; i < 50; i++)
            await connection.PingAsync(CancellationToken.None).AsTask().WaitAsync(SshdClient.Bound);
    }

    [Fact]
    public async Task A_certificate_is_not_asked_for_where_no_authority_is_known()
    {
        await using var sshd = await StartAsync(["ed25519"]);
        await using var connection = await ConnectAsync(sshd, mode: StrictHostKeyChecking.AcceptNew);
        Assert.Equal("ssh-ed25519", connection.HostKey.Type);
    }

    [Fact]
    public async Task Another_name_another_authority_and_a_revoked_one_are_refused()
    {
        await using var sshd = await StartAsync(["ed25519"]);
        Trust("*");
        await RefusedAsync(sshd, SshFailure.HostKeyUnknown, alias: "elsewhere");
        Assert.Equal("The host certificate of elsewhere does not count: it is for 127.0.0.1, hub.", _notices[^1]);
        await (await ConnectAsync(sshd, alias: "hub")).DisposeAsync();

        var authority = File.ReadAllText(_keygen.PathOf("ca.pub"));
        File.AppendAllText(KnownHosts, $"@revoked * {authority}");
        await RefusedAsync(sshd, SshFailure.HostKeyChanged);

        using var stranger = PrivateKey.Generate("ssh-ed25519");
        File.WriteAllText(KnownHosts, $"@cert-authority * {stranger.PublicKey.ToLine()}\n");
        await RefusedAsync(sshd, SshFailure.HostKeyUnknown);
        File.AppendAllText(KnownHosts, $"[127.0.0.1]:{sshd.Port} {File.ReadAllText(_keygen.PathOf("ed25519.pub"))}");
        await (await ConnectAsync(sshd)).DisposeAsync();
    }

    [Fact]
    public async Task A_revoked_host_key_is_refused_and_a_pinned_one_is_accepted()
    {
        await using var sshd = await StartAsync(["ed25519"]);
        var key = PublicKey.ParseLine(File.ReadAllText(_keygen.PathOf("ed25519.pub")));
        File.WriteAllText(KnownHosts, $"@revoked * {key.ToLine()}\n");
        await RefusedAsync(sshd, SshFailure.HostKeyChanged, mode: StrictHostKeyChecking.No);
        await using var connection = await SshdClient.ConnectAsync(
            sshd, options => options with { HostKeys = new PinnedHostKeys(key.Fingerprint) });
        Assert.Equal(key.Blob, connection.HostKey.Blob);
    }

    [Fact]
    public async Task Lines_that_ssh_and_we_add_at_the_same_time_are_all_there_and_whole()
    {
        const int Aliases = 10;
        const int Clients = 3;
        const int Ours = 300;
        await using var sshd = await StartAsync(["ed25519"]);
        var key = PublicKey.ParseLine(File.ReadAllText(_keygen.PathOf("ed25519.pub")));
        var others = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => AddWithSshAsync(sshd, $"ssh{client}-", Aliases)));
        await Parallel.ForAsync(0, Ours, async (i, cancellationToken) =>
            await Policy(sshd, alias: $"ours{i}", StrictHostKeyChecking.AcceptNew).CheckAsync(key, cancellationToken));
        await others.WaitAsync(SshdClient.Bound);

        var names = Enumerable.Range(0, Ours).Select(i => $"ours{i}")
            .Concat(Enumerable.Range(0, Clients).SelectMany(client => Enumerable.Range(0, Aliases).Select(i => $"ssh{client}-{i}")));
        Assert.Equal(names.Select(name => $"{name} {key.ToLine()}").Order(), File.ReadAllLines(KnownHosts).Order());
    }

    // The host keys are made and signed here; sshd prefers them to the fixture's own because they come first.
    private async Task<Sshd> StartAsync(string[] keyTypes, string config = "")
    {
        _keygen.Run("-q", "-N", "", "-f", "ca", "-t", "ecdsa");
        foreach (var type in keyTypes)
        {
            var name = FileOf(type);
            _keygen.Run(["-q", "-N", "", "-C", "", "-f", name, "-t", .. type.Split(' ')]);
            _keygen.Run("-q", "-s", "ca", "-I", name, "-h", "-n", "127.0.0.1,hub", name + ".pub");
            config += $"\nHostKey {_keygen.PathOf(name)}\nHostCertificate {_keygen.PathOf(name + "-cert.pub")}";
        }

        return await Sshd.StartAsync(config);
    }

    private void Trust(string hosts) =>
        File.WriteAllText(KnownHosts, $"@cert-authority {hosts} {File.ReadAllText(_keygen.PathOf("ca.pub"))}");

    private KnownHostsPolicy Policy(Sshd sshd, string? alias, StrictHostKeyChecking mode) => new(new()
    {
        Host = "127.0.0.1",
        Port = sshd.Port,
        HostKeyAlias = alias,
        Files = [KnownHosts],
        Mode = mode,
        Notice = _notices.Add,
    });

    private Task<ISshTransport> ConnectAsync(
        Sshd sshd,
        Func<AlgorithmChoice, AlgorithmChoice>? choose = null,
        string? alias = null,
        StrictHostKeyChecking mode = StrictHostKeyChecking.Yes) => SshdClient.ConnectAsync(sshd, options => options with
        {
            HostKeys = Policy(sshd, alias, mode),
            Algorithms = choose?.Invoke(options.Algorithms) ?? options.Algorithms,
        });

    private async Task RefusedAsync(
        Sshd sshd, SshFailure failure, string? alias = null, StrictHostKeyChecking mode = StrictHostKeyChecking.Yes) =>
        Assert.Equal(failure, (await Assert.ThrowsAsync<SshException>(() => ConnectAsync(sshd, alias: alias, mode: mode))).Failure);

    // ssh adds the key before it logs in, which nobody lets it do here.
    private async Task AddWithSshAsync(Sshd sshd, string prefix, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var start = new ProcessStartInfo("ssh",
            [
                "-F", "none", "-p", $"{sshd.Port}", "-o", $"UserKnownHostsFile={KnownHosts}", "-o", "GlobalKnownHostsFile=none",
                "-o", "StrictHostKeyChecking=accept-new", "-o", $"HostKeyAlias={prefix}{i}", "-o", "PreferredAuthentications=none",
                "127.0.0.1",
            ])
            {
                RedirectStandardError = true,
            };
            using var ssh = Process.Start(start)!;
            await ssh.StandardError.ReadToEndAsync();
            await ssh.WaitForExitAsync();
        }
    }

    private static string FileOf(string keyType) => keyType.Replace(' ', '_');
}
