using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>What a session holds goes with it.</summary>
[Collection(SharedSite.Name)]
public sealed class SessionEndTests(Site site)
{
    [RealPartsFact]
    public async Task A_session_leaves_no_socket_behind()
    {
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, site.Ssh, site.Ftp);
        await using var _ = tunnel;
        var curl = new Curl(site.Hosts.Client);
        var atRest = tunnel.CountSockets();

        foreach (var mode in Enum.GetValues<DataMode>())
            (await curl.ListAsync(entry, mode, "files")).Succeeded();

        await Eventually.IsTrueAsync(() => tunnel.CountSockets() <= atRest, $"only {atRest} sockets are left");
    }
}
