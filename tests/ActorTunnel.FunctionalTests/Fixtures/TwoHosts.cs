using System.Diagnostics;
using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>
/// The client's machine and the server's machine, joined by one wire. FTP servers listen on the server's loopback only, so from the
/// client's machine nothing but the sshd can be reached: a data channel outside the tunnel fails.
/// Without the right to make network namespaces both are this computer; FTP servers then listen on 127.0.0.2, where a client that was
/// told nothing but a port does not look, and <see cref="DataPeers"/> tells whether each data channel went through sshd.
/// </summary>
public sealed class TwoHosts : IDisposable
{
    private const string NamePrefix = "actortunnel";

    private readonly TemporaryFolder _home = new();
    private readonly string? _clientName;
    private readonly string? _serverName;

    public TwoHosts()
    {
        RemoveLeftovers();
        var name = $"{NamePrefix}-{System.Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";
        if (Ip($"netns add {name}-c") is { } refusal)
        {
            Limitation = $"no network namespaces ({refusal}): data channels are checked by the logs of the servers instead";
            Client = Server = new Machine(null, _home);
            return;
        }

        _clientName = $"{name}-c";
        _serverName = $"{name}-s";
        Must($"netns add {_serverName}");
        Must($"-n {_clientName} link add wire type veth peer name wire netns {_serverName}");
        SetUp(_clientName, "10.88.0.1/24", "fd00:88::1/64");
        SetUp(_serverName, "10.88.0.2/24", "fd00:88::2/64");
        Client = new Machine(_clientName, _home);
        Server = new Machine(_serverName, _home);
    }

    /// <summary>Why the machines are not separate, for people; null if they are.</summary>
    public string? Limitation { get; }

    /// <summary>False: both machines are this computer.</summary>
    public bool AreSeparate => _clientName is not null;

    public Machine Client { get; }

    public Machine Server { get; }

    /// <summary>Where the client's machine sees the server's machine.</summary>
    public IPAddress ServerAddress => AreSeparate ? IPAddress.Parse("10.88.0.2") : IPAddress.Loopback;

    /// <summary>The same, by IPv6.</summary>
    public IPAddress ServerAddressV6 => AreSeparate ? IPAddress.Parse("fd00:88::2") : IPAddress.IPv6Loopback;

    /// <summary>Where FTP servers listen, out of reach for the client's machine.</summary>
    public IPAddress HiddenAddress => AreSeparate ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2");

    /// <summary>From now on nothing arrives, in either direction, and nobody is told.</summary>
    public void CutWire() => Must($"-n {_serverName} link set wire down");

    public void MendWire()
    {
        Must($"-n {_serverName} link set wire up");
        _ = Ip($"-n {_serverName} address add fd00:88::2/64 dev wire nodad"); // IPv6 addresses go with the link
    }

    public void Dispose()
    {
        _home.Dispose();
        if (_clientName is null)
            return;
        Must($"netns delete {_clientName}");
        Must($"netns delete {_serverName}");
    }

    private static void SetUp(string name, string address, string addressV6)
    {
        Must($"-n {name} link set lo up");
        Must($"-n {name} address add {address} dev wire");
        Must($"-n {name} address add {addressV6} dev wire nodad");
        Must($"-n {name} link set wire up");
    }

    /// <summary>Namespaces of a run that was killed; its process id is in the name.</summary>
    private static void RemoveLeftovers()
    {
        if (!Directory.Exists("/run/netns"))
            return;
        foreach (var name in Directory.EnumerateFiles("/run/netns", $"{NamePrefix}-*").Select(Path.GetFileName))
        {
            if (Directory.Exists($"/proc/{name!.Split('-')[1]}"))
                continue;
            foreach (var id in Run("netns pids " + name).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Process.Start("/bin/kill", ["-9", id]).WaitForExit();
            _ = Ip("netns delete " + name);
        }
    }

    private static void Must(string arguments)
    {
        if (Ip(arguments) is { } refusal)
            throw new InvalidOperationException($"ip {arguments}: {refusal}");
    }

    private static string? Ip(string arguments)
    {
        var (exitCode, _, error) = Run(arguments);
        return exitCode == 0 ? null : error.Trim();
    }

    private static (int ExitCode, string Output, string Error) Run(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(RealParts.PathOf("ip"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error);
    }
}
