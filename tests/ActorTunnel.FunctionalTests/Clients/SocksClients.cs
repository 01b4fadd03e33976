using System.Net;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Clients;

/// <summary>Programs that reach FTP servers through a SOCKS proxy, each in its own way.</summary>
public enum SocksClient
{
    /// <summary>SOCKS 4: the address, found out by curl.</summary>
    CurlSocks4,

    /// <summary>SOCKS 4a: the name.</summary>
    CurlSocks4a,

    /// <summary>SOCKS 5: the address, found out by curl.</summary>
    CurlSocks5,

    /// <summary>SOCKS 5: the name.</summary>
    CurlSocks5Hostname,

    /// <summary>lftp by proxychains: SOCKS 5, the name.</summary>
    Lftp,

    /// <summary>tnftp by proxychains: SOCKS 5, the name.</summary>
    Tnftp,

    /// <summary>Python's ftplib: SOCKS 5, the name.</summary>
    Ftplib,
}

internal static class SocksClients
{
    private static readonly SocksClient[] _localNames = [SocksClient.CurlSocks4, SocksClient.CurlSocks5];

    /// <summary>It looks names up itself, and the proxy hears of an address only.</summary>
    public static bool ResolvesNames(this SocksClient client) => _localNames.Contains(client);

    /// <summary>The program on this machine with this proxy, which lets everybody in.</summary>
    public static FtpClient Create(this SocksClient client, Machine machine, IPEndPoint proxy, FtpLogin login, TemporaryFolder folder) =>
        client switch
        {
            SocksClient.Lftp => new Lftp(ByProxychains(machine, proxy, folder)) { Login = login },
            SocksClient.Tnftp => new Tnftp(ByProxychains(machine, proxy, folder)) { Login = login },
            SocksClient.Ftplib => new Ftplib(machine, proxy) { Login = login },
            _ => new Curl(machine) { Login = login, Options = [Option(client), $"{proxy}"] },
        };

    private static string Option(SocksClient client) => client switch
    {
        SocksClient.CurlSocks4 => "--socks4",
        SocksClient.CurlSocks4a => "--socks4a",
        SocksClient.CurlSocks5 => "--socks5",
        _ => "--socks5-hostname",
    };

    /// <summary>Programs whose connections proxychains(1) takes through the proxy, names included.</summary>
    private static Machine ByProxychains(Machine machine, IPEndPoint proxy, TemporaryFolder folder)
    {
        var configuration = folder.PathOf("proxychains.conf");
        File.WriteAllLines(configuration,
        [
            "strict_chain", "proxy_dns", "remote_dns_subnet 224", "tcp_read_time_out 60000", "tcp_connect_time_out 60000", "[ProxyList]",
            $"socks5 {proxy.Address} {proxy.Port}",
        ]);
        return machine.By("proxychains4", "-q", "-f", configuration);
    }
}
