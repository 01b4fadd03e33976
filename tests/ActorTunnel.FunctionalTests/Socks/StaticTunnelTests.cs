using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>Fixed forwards in the same file as the SOCKS proxy.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class StaticTunnelTests(SocksSite site)
{
    private static readonly FtpLogin _alice = SocksSite.LoginOf(SocksSite.Alice);

    [AccountsFact]
    public async Task One_daemon_serves_FTP_plain_and_reverse_forwards()
    {
        await using var here = await VsftpdServer.StartAsync(site.Hosts.Client, IPAddress.Loopback);
        var (ftp, tcp) = (new IPEndPoint(IPAddress.Loopback, 2100), new IPEndPoint(IPAddress.Loopback, 2101));
        var remote = new IPEndPoint(IPAddress.Loopback, 2102);
        await using var proxy = await site.StartAsync(
            $$"""
            {
              "socks": {},
              "profiles": {{site.Profiles}},
              "tunnels": [
                { "listen": "2100", "type": "ftp", "destination": "inner.test:21", "profile": "key" },
                { "listen": "127.0.0.1:2101", "type": "tcp", "destination": "inner.test:21", "profile": "key" },
                { "listen": "2102", "type": "ftp", "destination": "{{here.EndPoint}}", "profile": "key", "remote": true },
              ],
            }
            """,
            SocksSite.Proxy, ftp, tcp);
        await Eventually.IsTrueAsync(() => site.Hosts.Server.CanConnectAsync(remote), "the SSH server listens");
        var original = await TestFile.CreateAsync(site.Inner.PathOf("alice/fixed-tunnel"), TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf("fixed-tunnel");

        var download = (await new Curl(site.Client) { Login = _alice }
            .DownloadAsync(ftp, DataMode.ExtendedPassive, "fixed-tunnel", copy)).Succeeded();
        await TestFile.AssertSameAsync(original, copy, download);
        var upload = (await new Curl(site.Hosts.Server) { Login = new FtpLogin("anonymous", "guest") }
            .UploadAsync(remote, DataMode.ExtendedPassive, copy, "files/reverse")).Succeeded();
        await TestFile.AssertSameAsync(original, here.PathOf("reverse"), upload);
        using var plain = await RawFtp.LoginAsync(site.Client, tcp, _alice);
        Assert.Equal(TwoHosts.InnerAddress, (await plain.PassiveAsync()).Address);
    }
}
