using System.Net;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Clients;

/// <summary>
/// lftp: PASV, or EPSV with ftp:prefer-epsv. In active mode it has no choice: PORT over IPv4, EPRT over IPv6, and there it names the
/// address "::" and leaves it to the server to take the control connection's.
/// </summary>
public sealed class Lftp(Machine machine) : FtpClient(machine)
{
    public override Task<Outcome> ListAsync(EndPoint server, DataMode mode, string folder) =>
        RunAsync(server, mode, $"ls {folder}");

    public override Task<Outcome> DownloadAsync(EndPoint server, DataMode mode, string remote, string local) =>
        RunAsync(server, mode, $"get {remote} -o {local}");

    public override Task<Outcome> UploadAsync(EndPoint server, DataMode mode, string local, string remote) =>
        RunAsync(server, mode, $"put {local} -o {remote}");

    /// <summary>Runs commands of lftp after the login, one after the other; the first that fails ends it.</summary>
    public Task<Outcome> RunAsync(EndPoint server, DataMode mode, params IEnumerable<string> commands) =>
        RunAsync("lftp", "--norc", "-c", string.Join("; ",
        [
            "set cmd:fail-exit yes",
            "set net:max-retries 1",
            "set net:timeout 60",
            "set ftp:use-site-utime no",
            $"set ftp:passive-mode {(mode is DataMode.Passive or DataMode.ExtendedPassive ? "yes" : "no")}",
            $"set ftp:prefer-epsv {(mode is DataMode.ExtendedPassive ? "yes" : "no")}",
            "debug 9",
            $"open -u {Login.User},{Login.Password} ftp://{Authority(server)}",
            .. commands,
        ]));
}
