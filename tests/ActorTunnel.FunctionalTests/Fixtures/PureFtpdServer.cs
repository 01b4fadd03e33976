using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>Pure-FTPd. Its anonymous clients see the home of the user <c>ftp</c>, so it runs where that folder is ours.</summary>
public sealed class PureFtpdServer : FtpServer
{
    private const string HomeOfFtp = "/srv/ftp";

    private PureFtpdServer(IPEndPoint endPoint)
        : base(endPoint)
    {
    }

    /// <summary>Starts a server.</summary>
    public static async Task<FtpServer> StartAsync(Machine machine, IPAddress address)
    {
        var server = new PureFtpdServer(new IPEndPoint(address, machine.FreePort(address)));

        // -e: anonymous clients only. -H: addresses are not looked up. -g: not /run/pure-ftpd.pid, which others may use.
        await server.StartAsync(
            machine.With([(server.RootFolder, HomeOfFtp)]),
            "pure-ftpd",
            "-S", $"{address},{server.EndPoint.Port}", "-e", "-H", "-g", server.Folder.PathOf("pid"));
        return server;
    }
}
