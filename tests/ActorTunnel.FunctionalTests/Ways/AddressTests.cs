using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Ways;

/// <summary>Names with several addresses, and servers that have IPv6 alone. Both need a network that tests can shape.</summary>
[Collection(SharedSite.Name)]
public sealed class AddressTests(Site site)
{
    // Linux gives up a connection attempt after 130 s: whoever waits for the dead address does not make it.
    private static readonly string[] _impatient = ["-o", "ConnectTimeout=20", "-o", "StrictHostKeyChecking=accept-new"];

    [RealPartsTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dead_address_does_not_keep_from_the_one_that_answers(bool deadIsIPv6)
    {
        if (!site.Hosts.AreSeparate)
            return;
        await using var ssh = await SshdServer.StartAsync(
            site.Hosts.Server, deadIsIPv6 ? site.Hosts.ServerAddress : site.Hosts.ServerAddressV6);
        using var folder = new TemporaryFolder();
        var hosts = folder.PathOf("hosts");
        var dead = site.Hosts.AddBlackHole(deadIsIPv6);
        File.WriteAllText(hosts, $"{dead} two.test\n{ssh.EndPoint.Address} two.test\n");
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);

        await using var tunnel = await StartAsync(
            site.Hosts.Client.Knowing(hosts), ssh, "two.test", folder.PathOf("known_hosts"), Forward.Ftp(entry, site.Ftp.EndPoint));

        (await new Curl(site.Hosts.Client).ListAsync(entry, DataMode.ExtendedPassive, "files")).Succeeded();
    }

    [RealPartsFact]
    public async Task All_addresses_that_refuse_are_told_in_one_line()
    {
        if (!site.Hosts.AreSeparate)
            return;
        using var folder = new TemporaryFolder();
        var hosts = folder.PathOf("hosts");
        File.WriteAllText(hosts, $"{site.Hosts.ServerAddress} two.test\n{site.Hosts.ServerAddressV6} two.test\n");

        var outcome = await ActorTunnelProcess.RunAsync(
            site.Hosts.Client.Knowing(hosts), ["-L", "0:localhost:21", "-p", "9", "-i", site.Ssh.UserKey, "two.test"]);

        Assert.Equal(4, outcome.ExitCode);
        var line = Assert.Single(outcome.Errors, error => error.Contains("two.test port 9", StringComparison.Ordinal));
        Assert.Contains($"{site.Hosts.ServerAddress}: Connection refused", line, StringComparison.Ordinal);
        Assert.Contains($"{site.Hosts.ServerAddressV6}: Connection refused", line, StringComparison.Ordinal);
    }

    [RealPartsFact]
    public async Task When_the_connect_timeout_is_over_the_line_says_which_addresses_were_tried()
    {
        if (!site.Hosts.AreSeparate)
            return;
        using var folder = new TemporaryFolder();
        var hosts = folder.PathOf("hosts");
        var dead = site.Hosts.AddBlackHole(ipv6: false);
        File.WriteAllText(hosts, $"{dead} two.test\n{site.Hosts.ServerAddressV6} two.test\n");

        var outcome = await ActorTunnelProcess.RunAsync(
            site.Hosts.Client.Knowing(hosts),
            ["-L", "0:localhost:21", "-p", "9", "-i", site.Ssh.UserKey, "-o", "ConnectTimeout=2", "two.test"]);

        Assert.Equal(6, outcome.ExitCode);
        var line = Assert.Single(outcome.Errors, error => error.Contains("two.test port 9", StringComparison.Ordinal));
        Assert.Contains($"{dead}: no answer", line, StringComparison.Ordinal);
        Assert.Contains($"{site.Hosts.ServerAddressV6}: Connection refused", line, StringComparison.Ordinal);
    }

    /// <summary>ssh itself writes known_hosts, so both must mean the same name by it.</summary>
    [RealPartsFact]
    public async Task A_link_local_server_is_reached_by_its_zone_and_so_is_the_FTP_server_on_it()
    {
        if (!site.Hosts.AreSeparate)
            return;
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, IPAddress.IPv6Any);
        // vsftpd misreads "::", and takes nothing for all addresses.
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Server, IPAddress.IPv6Any, "listen_address6=");
        using var folder = new TemporaryFolder();
        var knownHosts = folder.PathOf("known_hosts");
        string[] login =
        [
            "-F", "none", "-p", $"{ssh.EndPoint.Port}", "-i", ssh.UserKey, "-o", $"UserKnownHostsFile={knownHosts}",
            "-o", "StrictHostKeyChecking=accept-new", $"{System.Environment.UserName}@{TwoHosts.ServerLinkLocal}", "true",
        ];
        (await site.Hosts.Client.RunAsync(TimeSpan.FromSeconds(30), "ssh", login)).Succeeded();
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);

        await using var tunnel = await StartAsync(
            site.Hosts.Client,
            ssh,
            TwoHosts.ServerLinkLocal,
            knownHosts,
            Forward.Ftp(entry, $"[{TwoHosts.ServerLinkLocal}]:{ftp.EndPoint.Port}"),
            "-o", "StrictHostKeyChecking=yes");

        (await new Curl(site.Hosts.Client).ListAsync(entry, DataMode.ExtendedPassive, "files")).Succeeded();
    }

    private static Task<ActorTunnelProcess> StartAsync(
        Machine machine, SshdServer ssh, string host, string knownHosts, Forward forward, params string[] options) =>
        ActorTunnelProcess.StartAsync(machine, new Named(ssh, host, knownHosts), [.. options, .. _impatient], forward);

    /// <summary>A server under another name than its address.</summary>
    private sealed class Named(SshdServer ssh, string host, string knownHosts) : ISshLogin
    {
        public IEnumerable<string> LoginArguments =>
        [
            "-p", $"{ssh.EndPoint.Port}", "-i", ssh.UserKey, "-o", $"UserKnownHostsFile={knownHosts}",
            $"{System.Environment.UserName}@{host}",
        ];
    }
}
