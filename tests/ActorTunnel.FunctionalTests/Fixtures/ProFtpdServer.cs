using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>ProFTPD: it waits for its peer's close before it says 226, and it wants a control line in one segment.</summary>
public sealed class ProFtpdServer : FtpServer
{
    private ProFtpdServer(IPEndPoint endPoint)
        : base(endPoint)
    {
    }

    /// <summary>Starts a server.</summary>
    public static async Task<FtpServer> StartAsync(Machine machine, IPAddress address)
    {
        var server = new ProFtpdServer(new IPEndPoint(address, machine.FreePort(address)));
        var configuration = server.Folder.PathOf("proftpd.conf");
        await File.WriteAllLinesAsync(configuration,
        [
            "ServerType standalone",
            $"DefaultAddress {address}",
            $"Port {server.EndPoint.Port}",
            "SocketBindTight on",
            "UseIPv6 off",
            "UseReverseDNS off",
            $"PidFile {server.Folder.PathOf("pid")}",
            $"ScoreboardFile {server.Folder.PathOf("scoreboard")}",
            $"DelayTable {server.Folder.PathOf("delay")}",
            $"TransferLog {server.Folder.PathOf("transfers")}",
            "WtmpLog off",
            "AuthOrder mod_auth_unix.c",
            "RequireValidShell off",
            "User ftp",
            "Group nogroup",
            $"<Anonymous {server.RootFolder}>",
            "User ftp",
            "Group nogroup",
            "UserAlias anonymous ftp",
            "AllowOverwrite on",
            "</Anonymous>",
        ]);
        await server.StartAsync(machine, "proftpd", "-n", "-c", configuration);
        return server;
    }
}
