using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>
/// The other way round: FTP servers on the client's machine, for clients on the SSH server's machine. One tunnel with two remote forwards,
/// one for each family.
/// </summary>
public sealed class RemoteSide : IAsyncDisposable
{
    private readonly ActorTunnelProcess _tunnel;
    private readonly int[] _ports;
    private readonly VsftpdServer _ftp;
    private readonly VsftpdServer _ftpV6;

    private RemoteSide(ActorTunnelProcess tunnel, int[] ports, VsftpdServer ftp, VsftpdServer ftpV6)
    {
        _tunnel = tunnel;
        _ports = ports;
        _ftp = ftp;
        _ftpV6 = ftpV6;
    }

    /// <summary>What the tunnel said on stderr until now.</summary>
    public string Diagnostics => _tunnel.Diagnostics;

    public static async Task<RemoteSide> StartAsync(TwoHosts hosts, SshdServer ssh)
    {
        var ftp = await VsftpdServer.StartAsync(hosts.Client, IPAddress.Loopback);
        var ftpV6 = await VsftpdServer.StartAsync(hosts.Client, IPAddress.IPv6Loopback);
        var (tunnel, ports) = await ActorTunnelProcess.StartRemoteAsync(
            hosts.Client, ssh, [$"ftp/0:{ftp.EndPoint}", $"ftp/[::1]:0:{ftpV6.EndPoint}"]);
        return new RemoteSide(tunnel, ports, ftp, ftpV6);
    }

    public VsftpdServer Server(bool ipv6) => ipv6 ? _ftpV6 : _ftp;

    /// <summary>Where clients on the SSH server's machine connect to.</summary>
    public IPEndPoint Entry(bool ipv6) => new(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, _ports[ipv6 ? 1 : 0]);

    public async ValueTask DisposeAsync()
    {
        await _tunnel.DisposeAsync();
        await _ftp.DisposeAsync();
        await _ftpV6.DisposeAsync();
    }
}
