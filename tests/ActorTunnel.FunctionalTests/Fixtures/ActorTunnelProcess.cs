using System.Diagnostics;
using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>The built product as a process of its own.</summary>
public sealed class ActorTunnelProcess : IAsyncDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private ActorTunnelProcess(ChildProcess process) => _process = process;

    public bool HasExited => _process.HasExited;

    /// <summary>What it said on stderr until now, in one piece.</summary>
    public string Diagnostics => string.Join(System.Environment.NewLine, _process.Errors.Lines);

    /// <summary>Starts <c>actortunnel forward</c> and waits until every forward is ready.</summary>
    public static Task<ActorTunnelProcess> StartAsync(Machine machine, ISshLogin server, params Forward[] forwards) =>
        StartAsync(machine, server, [], forwards);

    /// <summary>The same with options that win over the usual ones: of each option the first value counts, as in ssh.</summary>
    public static Task<ActorTunnelProcess> StartAsync(
        Machine machine, ISshLogin server, IEnumerable<string> options, params Forward[] forwards) =>
        StartAsync(machine, server, agent: null, options, forwards);

    /// <summary>The same with an SSH agent.</summary>
    public static async Task<ActorTunnelProcess> StartAsync(
        Machine machine, ISshLogin server, SshAgent? agent, IEnumerable<string> options, params Forward[] forwards)
    {
        string[] arguments = ["forward", .. options, .. forwards.SelectMany(forward => forward.Arguments), .. server.LoginArguments];
        var process = ChildProcess.Start(Command(machine, agent, arguments));
        var tunnel = new ActorTunnelProcess(process);
        foreach (var forward in forwards)
        {
            var ready = await process.Output.FindAsync(forward.IsReadyLine, _startLimit);
            if (ready is null)
            {
                await tunnel.DisposeAsync();
                Assert.Fail($"actortunnel did not say that '{forward.Kind} {forward.Listen}' is ready: {tunnel.Diagnostics}");
            }
        }

        return tunnel;
    }

    /// <summary>Starts it with one FTP entry on the client's loopback and returns where that entry is.</summary>
    public static async Task<(ActorTunnelProcess Tunnel, IPEndPoint Entry)> StartFtpAsync(TwoHosts hosts, ISshLogin ssh, FtpServer ftp)
    {
        var entry = NewEntry(hosts);
        return (await StartAsync(hosts.Client, ssh, Forward.Ftp(entry, ftp.EndPoint)), entry);
    }

    /// <summary>Starts it with one remote forward, <c>-R</c>, and returns the port on the SSH server that it says.</summary>
    public static async Task<(ActorTunnelProcess Tunnel, int Port)> StartRemoteAsync(
        Machine machine, ISshLogin server, string forward, params IEnumerable<string> options)
    {
        var (tunnel, ports) = await StartRemoteAsync(machine, server, [forward], options);
        return (tunnel, ports[0]);
    }

    /// <summary>The same with several of them.</summary>
    public static async Task<(ActorTunnelProcess Tunnel, int[] Ports)> StartRemoteAsync(
        Machine machine, ISshLogin server, string[] forwards, params IEnumerable<string> options)
    {
        string[] arguments = ["forward", .. options, .. forwards.SelectMany(forward => new[] { "-R", forward }), .. server.LoginArguments];
        var process = ChildProcess.Start(Command(machine, agent: null, arguments));
        var tunnel = new ActorTunnelProcess(process);
        var ports = new int[forwards.Length];
        for (var i = 0; i < forwards.Length; i++)
        {
            var target = forwards[i].Split(":0:")[^1].Split("/0:")[^1];
            var ready = await process.Output.FindAsync(
                line => line.Contains(" on ", StringComparison.Ordinal) && line.EndsWith($" -> {target}", StringComparison.Ordinal),
                _startLimit);
            if (ready is null)
            {
                await tunnel.DisposeAsync();
                Assert.Fail($"actortunnel did not say that '{forwards[i]}' is ready: {tunnel.Diagnostics}");
            }

            ports[i] = int.Parse(ready.Split(" on ")[0].Split(':')[^1], null as IFormatProvider);
        }

        return (tunnel, ports);
    }

    /// <summary>Starts <c>actortunnel proxy</c> with a configuration file and waits until it answers there.</summary>
    public static async Task<ActorTunnelProcess> StartProxyAsync(Machine machine, string configuration, params IPEndPoint[] entries)
    {
        var process = ChildProcess.Start(Command(machine, agent: null, ["proxy", "-c", configuration]));
        var tunnel = new ActorTunnelProcess(process);
        foreach (var entry in entries)
        {
            await Eventually.IsTrueAsync(
                () =>
                {
                    Assert.False(process.HasExited, $"actortunnel has ended: {tunnel.Diagnostics}");
                    return machine.CanConnectAsync(entry);
                },
                $"actortunnel proxy listens on {entry}");
        }

        return tunnel;
    }

    /// <summary>Runs a command of the program where it is expected to end by itself.</summary>
    public static async Task<Outcome> RunCommandAsync(Machine machine, params IEnumerable<string> words)
    {
        await using var process = ChildProcess.Start(Command(machine, agent: null, words));
        return await process.ToEndAsync(_startLimit);
    }

    /// <summary>An address on the client's loopback that is free now.</summary>
    public static IPEndPoint NewEntry(TwoHosts hosts, IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        return new IPEndPoint(address, hosts.Client.FreePort(address));
    }

    /// <summary>Runs <c>actortunnel forward</c> where it is expected to end by itself.</summary>
    public static Task<Outcome> RunAsync(Machine machine, params IEnumerable<string> arguments) =>
        RunAsync(machine, agent: null, arguments);

    /// <summary>The same with an SSH agent.</summary>
    public static async Task<Outcome> RunAsync(Machine machine, SshAgent? agent, IEnumerable<string> arguments)
    {
        await using var process = ChildProcess.Start(Command(machine, agent, ["forward", .. arguments]));
        return await process.ToEndAsync(_startLimit);
    }

    /// <summary>Sends a signal that asks it to stop, and waits until it has.</summary>
    public async Task<Outcome> StopAsync(string signal)
    {
        await _process.SignalAsync(signal);
        return await _process.ToEndAsync(_stopLimit);
    }

    /// <summary>Waits for a line on stderr.</summary>
    public async Task SaysAsync(Func<string, bool> isIt, string what) =>
        Assert.True(await _process.Errors.FindAsync(isIt, _startLimit) is not null, $"it did not say {what}: {Diagnostics}");

    /// <summary>Sends a signal that it goes on after.</summary>
    public Task SignalAsync(string signal) => _process.SignalAsync(signal);

    /// <summary>Kills it with SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Sockets that it holds now (proc(5), the links in fd/).</summary>
    public int CountSockets() => new DirectoryInfo($"/proc/{_process.Id}/fd")
        .EnumerateFileSystemInfos()
        .Count(descriptor => descriptor.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // setsid: without a terminal nothing is asked, whoever runs the tests from one; nor is that person's agent.
    private static ProcessStartInfo Command(Machine machine, SshAgent? agent, IEnumerable<string> arguments)
    {
        var command = machine.Command(
            "setsid", ["dotnet", Path.Combine(AppContext.BaseDirectory, "actortunnel.dll"), .. arguments]);
        command.Environment["SSH_AUTH_SOCK"] = agent?.Socket ?? "";
        return command;
    }
}
