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

    public abstract Task<Outcome> ListAsync(IPEndPoint server, DataMode mode, string folder);

    public abstract Task<Outcome> DownloadAsync(IPEndPoint server, DataMode mode, string remote, string local);

    public abstract Task<Outcome> UploadAsync(IPEndPoint server, DataMode mode, string local, string remote);

    /// <summary>Runs the program with arguments of the caller's.</summary>
    protected Task<Outcome> RunAsync(string program, params IEnumerable<string> arguments) => machine.RunAsync(_limit, program, arguments);

    protected Machine Machine => machine;
}

/// <summary>The clients that users have.</summary>
public enum ClientProgram
{
    Curl,
    Lftp,
    Tnftp,
}
