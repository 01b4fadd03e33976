using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Pool;

/// <summary>A wire that is cut: no reset comes, nothing is ever acknowledged again.</summary>
public sealed class DeadPeerTests
{
    [RealPartsFact]
    public async Task Sessions_end_in_bounded_time_when_the_wire_is_cut_and_work_again_when_it_is_mended()
    {
        using var hosts = new TwoHosts();
        if (!hosts.AreSeparate)
            return; // There is no wire to cut.
        await using var ssh = await SshdServer.StartAsync(hosts.Server, hosts.ServerAddress);
        await using var server = await VsftpdServer.StartAsync(hosts.Server, hosts.HiddenAddress);
        var entry = ActorTunnelProcess.NewEntry(hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(
            hosts.Client, ssh, ["-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=2"], Forward.Ftp(entry, server.EndPoint));
        using var ftp = await RawFtp.LoginAsync(hosts.Client, entry);

        hosts.CutWire();

        // Sent into the void, the end is seen all the same: RawFtp waits 30 s, TCP alone would take a quarter of an hour.
        Assert.StartsWith("421", await ftp.CommandAsync("NOOP"), StringComparison.Ordinal);
        hosts.MendWire();
        await Eventually.IsTrueAsync(
            async () => (await new Curl(hosts.Client).ListAsync(entry, DataMode.ExtendedPassive, "files")).ExitCode == 0,
            "the tunnel dials again",
            TimeSpan.FromSeconds(60));
    }
}
