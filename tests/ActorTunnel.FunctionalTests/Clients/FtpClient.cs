using System.Net;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Clients;

/// <summary>
/// A real FTP client on a machine. Its outcome holds its trace of the control connection. Remote names are relative to the login folder.
/// </summary>
public abstract class FtpClient(Machine machine)
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);

    public static FtpClient Create(ClientProgram program, Machine machine) => program switch
    {
        ClientProgram.Curl => new Curl(machine),
        ClientProgram.Lftp => new Lftp(machine),
        _ => new Tnftp(machine),
    };

    public abstract Task<Outcome> ListAsync(EndPoint server, DataMode mode, string folder);

    public abstract Task<Outcome> DownloadAsync(EndPoint server, DataMode mode, string remote, string local);

    public abstract Task<Outcome> UploadAsync(EndPoint server, DataMode mode, string local, string remote);

    /// <summary>As whom it logs in.</summary>
    public FtpLogin Login { get; init; } = new("anonymous", "guest");

    /// <summary>Runs the program with arguments of the caller's.</summary>
    protected Task<Outcome> RunAsync(string program, params IEnumerable<string> arguments) => machine.RunAsync(_limit, program, arguments);

    /// <summary>The host as a person writes it.</summary>
    protected static string HostOf(EndPoint server) => server is DnsEndPoint name ? name.Host : ((IPEndPoint)server).Address.ToString();

    protected static int PortOf(EndPoint server) => server is DnsEndPoint name ? name.Port : ((IPEndPoint)server).Port;

    /// <summary>Host and port as in a URL.</summary>
    protected static string Authority(EndPoint server) => server is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{server}";

    protected Machine Machine => machine;
}

/// <summary>A name and a password for an FTP server.</summary>
public sealed record FtpLogin(string User, string Password);

/// <summary>The clients that users have.</summary>
public enum ClientProgram
{
    Curl,
    Lftp,
    Tnftp,
}
