using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>What makes the other tests mean something: no data channel can go around the tunnel unseen.</summary>
[Collection(SharedSite.Name)]
public sealed class ReachabilityTests(Site site)
{
    [RealPartsFact]
    public async Task The_client_cannot_reach_the_FTP_server_itself()
    {
        foreach (var address in new[] { site.Hosts.ServerAddress, IPAddress.Loopback })
        {
            var target = new IPEndPoint(address, site.Ftp.EndPoint.Port);
            Assert.False(await site.Hosts.Client.CanConnectAsync(target), $"{target} can be reached");
        }

        Assert.True(await site.Hosts.Client.CanConnectAsync(site.Ssh.EndPoint));
    }

    /// <summary>OpenSSH's <c>-L</c> stands in for a tunnel that knows nothing of data channels.</summary>
    [RealPartsTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Active)]
    [InlineData(DataMode.ExtendedActive)]
    public async Task A_data_channel_outside_the_tunnel_fails(DataMode mode)
    {
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        string[] forward = ["-F", "none", "-N", "-L", $"{entry}:{site.Ftp.EndPoint}"];
        await using var ssh = ChildProcess.Start(site.Hosts.Client.Command("ssh", [.. forward, .. site.Ssh.LoginArguments]));
        await Eventually.IsTrueAsync(
            () =>
            {
                Assert.False(ssh.HasExited, string.Join(System.Environment.NewLine, ssh.Errors.Lines));
                return site.Hosts.Client.CanConnectAsync(entry);
            },
            "ssh listens");

        var outcome = await new Curl(site.Hosts.Client).ListAsync(entry, mode, "files");

        Assert.Contains(outcome.Errors, line => line.StartsWith("< 230", StringComparison.Ordinal));
        if (site.Hosts.AreSeparate || mode is DataMode.Passive or DataMode.ExtendedPassive)
            Assert.NotEqual(0, outcome.ExitCode);
    }

    [RealPartsFact]
    public async Task Every_data_peer_in_the_log_of_the_FTP_server_is_sshd()
    {
        var entry = await site.EntryAsync();
        var before = (await site.Ftp.ReadLogAsync()).Length;
        foreach (var mode in Enum.GetValues<DataMode>())
            (await new Curl(site.Hosts.Client).ListAsync(entry, mode, "files")).Succeeded();

        var named = DataPeers.NamedByFtpServer((await site.Ftp.ReadLogAsync()).Skip(before));

        Assert.True(named.Count >= Enum.GetValues<DataMode>().Length, $"vsftpd names only {named.Count} data ports");
        await Eventually.IsTrueAsync(
            () => named.IsSubsetOf(DataPeers.CarriedBySshd(site.Ssh.Log.Lines)),
            $"sshd logs the data ports {string.Join(' ', named)}");
    }
}
