using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Failures;

/// <summary>SSH servers that log us in and then forbid what we came for.</summary>
[Collection(SharedSite.Name)]
public sealed class RefusedForwardingTests(Site site)
{
    [RealPartsFact]
    public async Task A_client_hears_421_when_the_server_forbids_forwarding()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress, "AllowTcpForwarding no");
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, ssh, site.Ftp);
        await using var _ = tunnel;
        using var ftp = await RawFtp.ConnectAsync(site.Hosts.Client, entry);

        Assert.StartsWith("421", await ftp.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(string.Empty, await ftp.ReplyAsync());
    }

    /// <summary>Whoever insists on a listener on the SSH server is told that there is none.</summary>
    [RealPartsFact]
    public async Task With_DataMode_active_PORT_is_answered_425_when_the_server_forbids_remote_listeners_and_passive_mode_still_works()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress, "AllowTcpForwarding local");
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(
            site.Hosts.Client, ssh, agent: null, ["-o", "DataMode=active"], Forward.Ftp(entry, site.Ftp.EndPoint));
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, entry);

        Assert.StartsWith("425", await ftp.CommandAsync("PORT 127,0,0,1,200,1"), StringComparison.Ordinal);

        Assert.StartsWith("200", await ftp.CommandAsync("NOOP"), StringComparison.Ordinal);
        (await new Curl(site.Hosts.Client).ListAsync(entry, DataMode.ExtendedPassive, "files")).Succeeded();
    }

    [RealPartsFact]
    public async Task A_client_hears_421_when_nobody_listens_at_the_target()
    {
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        var nobody = new System.Net.IPEndPoint(site.Hosts.HiddenAddress, site.Hosts.Server.FreePort(site.Hosts.HiddenAddress));
        await using var tunnel = await ActorTunnelProcess.StartAsync(site.Hosts.Client, site.Ssh, Forward.Ftp(entry, nobody));
        using var ftp = await RawFtp.ConnectAsync(site.Hosts.Client, entry);

        Assert.StartsWith("421", await ftp.ReplyAsync(), StringComparison.Ordinal);
    }
}
