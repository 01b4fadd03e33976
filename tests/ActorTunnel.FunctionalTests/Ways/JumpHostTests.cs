using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Ways;

/// <summary>Chains of real sshd, each reached through the one before.</summary>
public sealed class JumpHostTests : IAsyncLifetime, IDisposable
{
    // More than all buffers on the way to a client take: what is on the way must not be the whole file.
    private const long LongLength = 48 * TestFile.Mebibyte;

    private readonly LocalParts _parts = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _parts.StopAsync();

    public void Dispose() => _parts.Dispose();

    [RealPartsTheory]
    [InlineData(2, DataMode.ExtendedPassive)]
    [InlineData(3, DataMode.Active)]
    public async Task Files_are_whole_at_the_end_of_a_chain_and_each_server_hears_of_the_next_alone(int servers, DataMode mode)
    {
        var chain = new List<SshdServer>();
        TunnelProfile? profile = null;
        for (var i = 0; i < servers; i++)
        {
            chain.Add(await _parts.SshdAsync());
            profile = LocalEngine.ProfileOf(chain[i]) with { Via = profile };
        }

        var ftp = await _parts.FtpAsync();
        await using var engine = LocalEngine.Create();
        var entry = await engine.ForwardFtpAsync(ftp, profile!);

        await _parts.CarryAsync(entry, ftp, mode);

        for (var i = 0; i < servers - 1; i++)
            Assert.Equal([$"{chain[i + 1].EndPoint.Port}"], TargetPorts(chain[i]).Distinct());
        Assert.Contains($"{ftp.EndPoint.Port}", TargetPorts(chain[^1]));
        Assert.All(chain, server => Assert.Equal(1, Logins(server)));
    }

    [RealPartsFact]
    public async Task The_death_of_the_jump_host_breaks_a_transfer_visibly_and_both_connections_are_made_again()
    {
        var (bastion, target, ftp) = (await _parts.SshdAsync(), await _parts.SshdAsync(), await _parts.FtpAsync());
        await using var engine = LocalEngine.Create();
        var entry = await engine.ForwardFtpAsync(ftp, LocalEngine.ProfileOf(target) with { Via = LocalEngine.ProfileOf(bastion) });
        await TestFile.CreateAsync(ftp.PathOf("long"), LongLength);
        var copy = _parts.Folder.PathOf("copy");
        var curl = new Curl(_parts.Machine);

        await using (var download = curl.Start(
            DataMode.ExtendedPassive, "--limit-rate", "4M", "-o", copy, Curl.Url(entry, "files/long")))
        {
            await Eventually.IsTrueAsync(() => new FileInfo(copy) is { Exists: true, Length: > 0 }, "the download is on its way");
            await bastion.KillAsync();

            var outcome = await download.ToEndAsync(TimeSpan.FromMinutes(1));
            Assert.NotEqual(0, outcome.ExitCode);
        }

        await bastion.StartAsync();
        await Eventually.IsTrueAsync(
            async () => (await curl.ListAsync(entry, DataMode.ExtendedPassive, "files")).ExitCode == 0,
            "the engine dials both again",
            TimeSpan.FromSeconds(60));
        await _parts.CarryAsync(entry, ftp, DataMode.ExtendedPassive);
    }

    [RealPartsFact]
    public async Task Two_servers_share_one_login_at_the_jump_host_and_its_death_breaks_both_transfers_visibly()
    {
        var (bastion, ftp) = (await _parts.SshdAsync(), await _parts.FtpAsync());
        SshdServer[] targets = [await _parts.SshdAsync(), await _parts.SshdAsync()];
        var via = LocalEngine.ProfileOf(bastion);
        await using var engine = LocalEngine.Create();
        var entries = new List<IPEndPoint>();
        foreach (var target in targets)
            entries.Add(await engine.ForwardFtpAsync(ftp, LocalEngine.ProfileOf(target) with { Via = via }));
        await Task.WhenAll(entries.Select(entry => _parts.CarryAsync(entry, ftp, DataMode.ExtendedPassive)));
        Assert.Equal(1, Logins(bastion));
        Assert.All(targets, target => Assert.Equal(1, Logins(target)));
        Assert.Equal(targets.Select(target => $"{target.EndPoint.Port}").Order(), TargetPorts(bastion).Order());
        await TestFile.CreateAsync(ftp.PathOf("long"), LongLength);
        var curl = new Curl(_parts.Machine);
        var copies = entries.Select((_, n) => _parts.Folder.PathOf($"copy{n}")).ToArray();
        var downloads = entries.Select((entry, n) => curl.Start(
            DataMode.ExtendedPassive, "--limit-rate", "4M", "-o", copies[n], Curl.Url(entry, "files/long"))).ToArray();

        try
        {
            await Eventually.IsTrueAsync(
                () => copies.All(copy => new FileInfo(copy) is { Exists: true, Length: > 0 }), "both downloads are on their way");
            await bastion.KillAsync();

            foreach (var download in downloads)
                Assert.NotEqual(0, (await download.ToEndAsync(TimeSpan.FromMinutes(1))).ExitCode);
        }
        finally
        {
            foreach (var download in downloads)
                await download.DisposeAsync();
        }

        Assert.All(copies, copy => Assert.NotEqual(LongLength, new FileInfo(copy).Length));
        await bastion.StartAsync();
        foreach (var entry in entries)
        {
            await Eventually.IsTrueAsync(
                async () => (await curl.ListAsync(entry, DataMode.ExtendedPassive, "files")).ExitCode == 0,
                "both ways are made again",
                TimeSpan.FromSeconds(60));
        }

        Assert.Equal(1, Logins(bastion)); // since it is back
    }

    [RealPartsFact]
    public async Task A_jump_host_that_may_not_forward_is_named_with_the_setting()
    {
        var (bastion, target) = (await _parts.SshdAsync("AllowTcpForwarding no"), await _parts.SshdAsync());

        var failed = await FailsAsync(LocalEngine.ProfileOf(target) with { Via = LocalEngine.ProfileOf(bastion) });

        Assert.Equal(Failure.Prohibited, failed.Failure);
        Assert.StartsWith("Jump host 127.0.0.1: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains("AllowTcpForwarding", failed.Message, StringComparison.Ordinal);
    }

    [RealPartsFact]
    public async Task A_target_that_is_down_is_told_from_a_jump_host_that_is()
    {
        var (bastion, target) = (await _parts.SshdAsync(), await _parts.SshdAsync());
        var profile = LocalEngine.ProfileOf(target) with { Via = LocalEngine.ProfileOf(bastion) };

        await target.KillAsync();
        var noTarget = await FailsAsync(profile);
        await bastion.KillAsync();
        var noBastion = await FailsAsync(profile);

        Assert.Equal(Failure.Unreachable, noTarget.Failure);
        Assert.Contains($"cannot connect to 127.0.0.1 port {target.EndPoint.Port}", noTarget.Message, StringComparison.Ordinal);
        Assert.Equal(Failure.ConnectionRefused, noBastion.Failure);
        Assert.StartsWith("Jump host 127.0.0.1: Connection to", noBastion.Message, StringComparison.Ordinal);
        Assert.Contains($"port {bastion.EndPoint.Port}", noBastion.Message, StringComparison.Ordinal);
    }

    [RealPartsFact]
    public async Task Each_server_s_key_is_checked_by_its_own_policy()
    {
        var (bastion, target) = (await _parts.SshdAsync(), await _parts.SshdAsync());
        var (near, far) = (LocalEngine.ProfileOf(bastion), LocalEngine.ProfileOf(target));

        var wrongNear = await FailsAsync(far with { Via = near with { HostKeys = far.HostKeys } });
        var wrongFar = await FailsAsync(far with { Via = near, HostKeys = near.HostKeys });

        Assert.Equal((Failure.HostKey, Failure.HostKey), (wrongNear.Failure, wrongFar.Failure));
        Assert.StartsWith("Jump host", wrongNear.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Jump host", wrongFar.Message, StringComparison.Ordinal);
        Assert.Equal(0, Logins(target));
    }

    private static async Task<TunnelException> FailsAsync(TunnelProfile profile)
    {
        await using var engine = LocalEngine.Create();
        return await Assert.ThrowsAsync<TunnelException>(() => engine.ConnectAsync(profile, CancellationToken.None));
    }

    private static int Logins(SshdServer server) =>
        server.Log.Lines.Count(line => line.StartsWith("Accepted publickey", StringComparison.Ordinal));

    /// <summary>From "server_request_direct_tcpip: originator 127.0.0.1 port 0, target 127.0.0.1 port 22".</summary>
    private static IEnumerable<string> TargetPorts(SshdServer server) => server.Log.Lines
        .Where(line => line.Contains("server_request_direct_tcpip: originator", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[^1]);
}
