using System.Net;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Clients;

/// <summary>curl: EPSV by default, falling back to PASV; with <c>-P</c> EPRT, falling back to PORT.</summary>
public sealed class Curl(Machine machine) : FtpClient(machine)
{
    /// <summary>Options of every run.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public override Task<Outcome> ListAsync(EndPoint server, DataMode mode, string folder) =>
        RunAsync(mode, UrlOf(server, $"{folder}/"));

    public override Task<Outcome> DownloadAsync(EndPoint server, DataMode mode, string remote, string local) =>
        RunAsync(mode, "-o", local, UrlOf(server, remote));

    public override Task<Outcome> UploadAsync(EndPoint server, DataMode mode, string local, string remote) =>
        RunAsync(mode, "-T", local, UrlOf(server, remote));

    /// <summary>A transfer with further options.</summary>
    public Task<Outcome> RunAsync(DataMode mode, params IEnumerable<string> arguments) =>
        RunAsync("curl", Arguments(mode, [.. Options, .. arguments]));

    /// <summary>The same, left running.</summary>
    public ChildProcess Start(DataMode mode, params IEnumerable<string> arguments) =>
        ChildProcess.Start(Machine.Command("curl", Arguments(mode, [.. Options, .. arguments])));

    /// <summary>With the login, as a person writes it.</summary>
    public string UrlOf(EndPoint server, string path) => $"ftp://{Login.User}:{Login.Password}@{Authority(server)}/{path}";

    public static string Url(IPEndPoint server, string path) => $"ftp://{server}/{path}";

    // -q: no ~/.curlrc.
    public static IEnumerable<string> Arguments(DataMode mode, IEnumerable<string> further) =>
        ["-q", "-sS", "-v", .. ModeArguments(mode), .. further];

    private static string[] ModeArguments(DataMode mode) => mode switch
    {
        DataMode.Passive => ["--disable-epsv"],
        DataMode.ExtendedPassive => [],
        DataMode.Active => ["-P", "-", "--disable-eprt"],
        _ => ["-P", "-"],
    };
}
