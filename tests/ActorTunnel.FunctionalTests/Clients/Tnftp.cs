using System.Net;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Clients;

/// <summary>
/// tnftp, the BSD client: <c>-p</c> passive, <c>-A</c> active. Over IPv4 it uses PASV and PORT once <c>epsv4</c> is switched off, EPSV and
/// EPRT otherwise; over IPv6 always the latter. It takes commands from its input and its exit code says nothing about them.
/// </summary>
public sealed class Tnftp(Machine machine) : FtpClient(machine)
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);

    public override Task<Outcome> ListAsync(EndPoint server, DataMode mode, string folder) =>
        RunAsync(server, mode, $"ls {folder}");

    public override Task<Outcome> DownloadAsync(EndPoint server, DataMode mode, string remote, string local) =>
        RunAsync(server, mode, $"get {remote} {local}");

    public override Task<Outcome> UploadAsync(EndPoint server, DataMode mode, string local, string remote) =>
        RunAsync(server, mode, $"put {local} {remote}");

    /// <summary>Logs in and leaves the client waiting for further commands on its input.</summary>
    public async Task<ChildProcess> StartAsync(EndPoint server, DataMode mode)
    {
        var isActive = mode is DataMode.Active or DataMode.ExtendedActive;
        var process = ChildProcess.Start(
            Machine.Command("tnftp", "-n", "-d", "-v", isActive ? "-A" : "-p", HostOf(server), $"{PortOf(server)}"));
        if (mode is DataMode.Passive or DataMode.Active)
            await process.Input.WriteLineAsync("epsv4");
        await process.Input.WriteLineAsync($"user {Login.User} {Login.Password}");
        await process.Input.WriteLineAsync("binary");
        return process;
    }

    private async Task<Outcome> RunAsync(EndPoint server, DataMode mode, string command)
    {
        await using var process = await StartAsync(server, mode);
        await process.Input.WriteLineAsync(command);
        await process.Input.WriteLineAsync("quit");
        return await process.ToEndAsync(_limit);
    }
}
