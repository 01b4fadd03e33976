using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>pyftpdlib's asynchronous server: one thread for all its clients.</summary>
public sealed class PyftpdlibServer : FtpServer
{
    private PyftpdlibServer(IPEndPoint endPoint)
        : base(endPoint)
    {
    }

    /// <summary>Starts a server.</summary>
    public static async Task<FtpServer> StartAsync(Machine machine, IPAddress address)
    {
        var server = new PyftpdlibServer(new IPEndPoint(address, machine.FreePort(address)));
        await server.StartAsync(
            machine,
            RealParts.Python,
            "-m", "pyftpdlib", "-w", "-i", $"{address}", "-p", $"{server.EndPoint.Port}", "-d", server.RootFolder);
        return server;
    }
}
