using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>OpenSSH's sshd with a configuration, a port and keys of its own. It can be killed and started again.</summary>
public sealed class SshdServer : ISshLogin, IAsyncDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly Machine _machine;
    private readonly string _configuration;
    private readonly string _hostKey;
    private ChildProcess? _process;

    private SshdServer(Machine machine, IPEndPoint endPoint, string keyType, string[] settings)
    {
        _machine = machine;
        EndPoint = endPoint;
        _hostKey = SshKeys.Create(_folder, "host-key", keyType);
        UserKey = SshKeys.Create(_folder, "user-key", keyType);
        KnownHosts = _folder.PathOf("known_hosts");
        File.WriteAllText(KnownHosts, SshKeys.KnownHost(EndPoint.Address.ToString(), EndPoint.Port, _hostKey));
        _configuration = _folder.PathOf("sshd_config");

        // sshd takes the first value of a keyword. StrictModes: the folders above ours may belong to anybody.
        // UsePAM: without it sshd refuses accounts whose password is locked, as root's is on many machines; it needs root.
        // DEBUG1 names the ports of the forwarded channels, which DataPeers reads.
        File.WriteAllLines(_configuration,
        [
            .. settings,
            $"ListenAddress {EndPoint.Address}",
            $"Port {EndPoint.Port}",
            $"HostKey {_hostKey}",
            $"AuthorizedKeysFile {UserKey}.pub",
            $"UsePAM {(System.Environment.IsPrivilegedProcess ? "yes" : "no")}",
            "PidFile none",
            "StrictModes no",
            "PermitRootLogin prohibit-password",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "MaxStartups 200",
            "LogLevel DEBUG1",
        ]);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The key that may log in as the user of this test run.</summary>
    public string UserKey { get; }

    public string KnownHosts { get; }

    /// <summary>Adds a line to <see cref="KnownHosts"/>: the same server by another name.</summary>
    public void AlsoKnownAs(string name) => File.AppendAllText(KnownHosts, SshKeys.KnownHost(name, EndPoint.Port, _hostKey));

    /// <inheritdoc/>
    public IEnumerable<string> LoginArguments =>
    [
        "-p", $"{EndPoint.Port}", "-i", UserKey, "-o", $"UserKnownHostsFile={KnownHosts}", "-o", "StrictHostKeyChecking=yes", Destination,
    ];

    /// <summary>The last word of an ssh command line.</summary>
    public string Destination => $"{System.Environment.UserName}@{EndPoint.Address}";

    /// <summary>What this run of the server logged.</summary>
    public ProcessLog Log => _process!.Errors;

    /// <summary>Starts a server; <paramref name="settings"/> are lines of sshd_config that win over the usual ones.</summary>
    public static Task<SshdServer> StartAsync(Machine machine, IPAddress address, params string[] settings) =>
        StartWithKeysAsync(machine, address, "ed25519", settings);

    /// <summary>The same on a certain port.</summary>
    public static Task<SshdServer> StartAsync(Machine machine, IPEndPoint endPoint, params string[] settings) =>
        StartWithKeysAsync(machine, endPoint, "ed25519", settings);

    /// <summary>The same, with a host key and a user key of another type.</summary>
    public static Task<SshdServer> StartWithKeysAsync(Machine machine, IPAddress address, string keyType, params string[] settings) =>
        StartWithKeysAsync(machine, new IPEndPoint(address, machine.FreePort(address)), keyType, settings);

    private static async Task<SshdServer> StartWithKeysAsync(Machine machine, IPEndPoint endPoint, string keyType, string[] settings)
    {
        var server = new SshdServer(machine, endPoint, keyType, settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, again after <see cref="KillAsync"/>, on the same port with the same keys.</summary>
    public async Task StartAsync()
    {
        if (System.Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd");
        _process = ChildProcess.Start(_machine.Command("sshd", "-D", "-e", "-f", _configuration));
        var ready = await Log.FindAsync(line => line.StartsWith("Server listening on", StringComparison.Ordinal), _startLimit);
        Assert.True(ready is not null, string.Join(System.Environment.NewLine, Log.Lines));
    }

    /// <summary>Kills it with SIGKILL, the processes that serve its connections included: every TCP connection ends at once.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }
}
