using System.Net;
using System.Net.Sockets;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Servers;

/// <summary>FTP servers that people have.</summary>
public enum ServerProgram
{
    Vsftpd,
    ProFtpd,
    PureFtpd,
    Pyftpdlib,
}

/// <summary>One of each, and a tunnel to them; each starts when a test asks for it.</summary>
public sealed class OtherServers(Site site) : IAsyncLifetime
{
    private readonly Dictionary<ServerProgram, Place> _places = [];

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>The server, and where a client behind the tunnel finds it.</summary>
    public async Task<Place> StartAsync(ServerProgram program)
    {
        if (_places.TryGetValue(program, out var place))
            return place;
        var server = program switch
        {
            ServerProgram.ProFtpd => await ProFtpdServer.StartAsync(site.Hosts.Server, site.Hosts.HiddenAddress),
            ServerProgram.PureFtpd => await PureFtpdServer.StartAsync(site.Hosts.Server, site.Hosts.HiddenAddress),
            ServerProgram.Pyftpdlib => await PyftpdlibServer.StartAsync(site.Hosts.Server, site.Hosts.HiddenAddress),
            _ => await VsftpdServer.StartAsync(site.Hosts.Server, site.Hosts.HiddenAddress),
        };
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, site.Ssh, server);
        return _places[program] = new Place(server, tunnel, entry, site.Hosts);
    }

    public async Task DisposeAsync()
    {
        foreach (var place in _places.Values)
        {
            await place.Tunnel.DisposeAsync();
            await place.Server.DisposeAsync();
        }
    }

    /// <summary>An FTP server, a tunnel to it, and two ways to talk to it.</summary>
    public sealed record Place(FtpServer Server, ActorTunnelProcess Tunnel, IPEndPoint Entry, TwoHosts Hosts)
    {
        /// <summary>A session from the client's machine by the tunnel, or from the server's machine without.</summary>
        public Task<RawFtp> LoginAsync(bool byTunnel) =>
            byTunnel ? RawFtp.LoginAsync(Hosts.Client, Entry) : RawFtp.LoginAsync(Hosts.Server, Server.EndPoint);

        /// <summary>Its data connection.</summary>
        public Task<Socket> ConnectAsync(bool byTunnel, IPEndPoint target) =>
            byTunnel ? Hosts.Client.ConnectAsync(target) : Hosts.Server.ConnectAsync(target);
    }
}
