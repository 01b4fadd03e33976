using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>Active clients of servers that cannot connect to a listener on the SSH server, and clients of another address family.</summary>
[Collection(SharedSite.Name)]
public sealed class ActiveClientTests(Site site)
{
    /// <summary>sshd binds loopback there, whatever it is asked for (GatewayPorts no), and says that all is well.</summary>
    [RealPartsFact]
    public async Task F5_a_server_on_a_third_host_serves_active_clients()
    {
        if (!site.Hosts.AreSeparate)
            return;
        var ftp = await site.ThirdHostAsync();
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(site.Hosts.Client, site.Ssh, Forward.Ftp(entry, ftp.EndPoint));

        await ExchangeAsync(ClientProgram.Curl, entry, ftp, DataMode.Active);
        await ExchangeAsync(ClientProgram.Curl, entry, ftp, DataMode.ExtendedActive);
        await ExchangeAsync(ClientProgram.Lftp, entry, ftp, DataMode.Active);
    }

    [RealPartsFact]
    public async Task F5_an_SSH_server_that_never_listens_for_others_serves_active_clients()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress, "AllowTcpForwarding local");
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, ssh, site.Ftp);
        await using var _ = tunnel;

        await ExchangeAsync(ClientProgram.Curl, entry, site.Ftp, DataMode.Active);
        await ExchangeAsync(ClientProgram.Curl, entry, site.Ftp, DataMode.ExtendedActive);
        await ExchangeAsync(ClientProgram.Lftp, entry, site.Ftp, DataMode.Active);
    }

    [RealPartsTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Active)]
    [InlineData(DataMode.ExtendedActive)]
    public async Task C17_an_IPv4_client_and_an_IPv6_server_understand_each_other(DataMode mode)
    {
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(site.Hosts.Client, site.Ssh, Forward.Ftp(entry, site.FtpV6.EndPoint));

        await ExchangeAsync(ClientProgram.Curl, entry, site.FtpV6, mode);
    }

    [RealPartsFact]
    public async Task C16_an_IPv6_client_may_say_PASV()
    {
        var name = $"pasv-{Guid.NewGuid():N}";
        var original = await File.ReadAllBytesAsync(await TestFile.CreateAsync(site.FtpV6.PathOf(name), 12_345));
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, await site.EntryAsync(ipv6: true));

        var told = await ftp.PassiveAsync();

        Assert.Equal(IPAddress.Any, told.Address);
        using var data = await site.Hosts.Client.ConnectAsync(new IPEndPoint(IPAddress.IPv6Loopback, told.Port));
        Assert.Equal(original, await ftp.DownloadAsync($"files/{name}", data));
    }

    /// <summary>A file there and back.</summary>
    private async Task ExchangeAsync(ClientProgram program, IPEndPoint entry, VsftpdServer ftp, DataMode mode)
    {
        var name = $"active-{Guid.NewGuid():N}";
        var (there, here) = (ftp.PathOf(name), site.ClientFiles.PathOf(name));
        await TestFile.CreateAsync(there, TestFile.Mebibyte);
        var client = FtpClient.Create(program, site.Hosts.Client);

        var down = (await client.DownloadAsync(entry, mode, $"files/{name}", here)).Succeeded();
        mode.AssertUsed(down);
        await TestFile.AssertSameAsync(there, here, down);

        var up = (await client.UploadAsync(entry, mode, here, $"files/{name}-back")).Succeeded();
        mode.AssertUsed(up);
        await TestFile.AssertSameAsync(here, $"{there}-back", up);
    }
}
