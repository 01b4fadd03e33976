using System.Net;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Clients;

/// <summary>Python's ftplib over PySocks, SOCKS 5 with names: its passive data connection is a second CONNECT to the same name.</summary>
public sealed class Ftplib(Machine machine, IPEndPoint proxy) : FtpClient(machine)
{
    public override Task<Outcome> ListAsync(EndPoint server, DataMode mode, string folder) => RunAsync(server, mode, "list", folder);

    public override Task<Outcome> DownloadAsync(EndPoint server, DataMode mode, string remote, string local) =>
        RunAsync(server, mode, "get", remote, local);

    public override Task<Outcome> UploadAsync(EndPoint server, DataMode mode, string local, string remote) =>
        RunAsync(server, mode, "put", remote, local);

    private Task<Outcome> RunAsync(EndPoint server, DataMode mode, params string[] words) => RunAsync(RealParts.Python,
    [
        Path.Combine(AppContext.BaseDirectory, "Clients", "ftplib_over_socks.py"), HostOf(server), $"{PortOf(server)}", Login.User,
        Login.Password, $"{proxy.Port}", mode == DataMode.Passive ? "pasv" : "epsv", .. words,
    ]);
}
