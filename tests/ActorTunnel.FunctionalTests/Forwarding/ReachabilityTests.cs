using System.Net.Sockets;
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
        foreach (var address in new[] { site.Hosts.ServerAddress, System.Net.IPAddress.Loopback })
        {
            var target = new System.Net.IPEndPoint(address, site.Ftp.EndPoint.Port);
            var refusal = await Assert.ThrowsAnyAsync<SocketException>(() => site.Hosts.Client.ConnectAsync(target));
            Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
        }

        using var reached = await site.Hosts.Client.ConnectAsync(site.Ssh.EndPoint);
        Assert.True(reached.Connected);
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
