using System.Net;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Ways;

/// <summary>A real proxy on 127.0.0.1.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    public const string User = "alice";
    public const string Password = "open-sesame";

    private readonly ChildProcess _process;

    private ProxyProcess(ChildProcess process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Everything it said.</summary>
    public IEnumerable<string> Log => _process.Output.Lines.Concat(_process.Errors.Lines);

    /// <summary>HTTP CONNECT to any port; with <paramref name="login"/> only for <see cref="User"/>.</summary>
    public static Task<ProxyProcess> TinyproxyAsync(Machine machine, TemporaryFolder folder, bool login)
    {
        var endPoint = NewEndPoint(machine);
        var configuration = folder.PathOf($"tinyproxy-{endPoint.Port}.conf");
        File.WriteAllLines(configuration,
        [
            $"Port {endPoint.Port}",
            $"Listen {endPoint.Address}",
            "MaxClients 20",
            "LogLevel Connect",
            .. login ? [$"BasicAuth {User} {Password}"] : Array.Empty<string>(),
        ]);
        return StartAsync(machine, endPoint, "tinyproxy", "-d", "-c", configuration);
    }

    /// <summary>SOCKS5; with <paramref name="login"/> only for <see cref="User"/>.</summary>
    public static Task<ProxyProcess> MicrosocksAsync(Machine machine, bool login)
    {
        var endPoint = NewEndPoint(machine);
        string[] account = login ? ["-u", User, "-P", Password] : [];
        return StartAsync(machine, endPoint, "microsocks", ["-i", $"{endPoint.Address}", "-p", $"{endPoint.Port}", .. account]);
    }

    /// <summary>SOCKS5, by ssh through a server.</summary>
    public static Task<ProxyProcess> SshAsync(Machine machine, SshdServer server)
    {
        var endPoint = NewEndPoint(machine);
        return StartAsync(machine, endPoint, "ssh", ["-F", "none", "-N", "-D", $"{endPoint}", .. server.LoginArguments]);
    }

    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static IPEndPoint NewEndPoint(Machine machine) => new(IPAddress.Loopback, machine.FreePort(IPAddress.Loopback));

    private static async Task<ProxyProcess> StartAsync(Machine machine, IPEndPoint endPoint, string program, params string[] arguments)
    {
        var process = ChildProcess.Start(machine.Command(program, arguments));
        await Eventually.IsTrueAsync(
            () =>
            {
                Assert.False(process.HasExited, string.Join(System.Environment.NewLine, process.Errors.Lines));
                return machine.CanConnectAsync(endPoint);
            },
            $"{program} listens");
        return new ProxyProcess(process, endPoint);
    }
}
