using System.Diagnostics;
using System.Net;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>Dropbear, the SSH server of routers and small machines, with keys of its own.</summary>
/// <remarks>
/// It reads authorized_keys in the home folder and nowhere else, so it runs in a mount namespace where that folder is ours; that takes
/// root.
/// </remarks>
public sealed class DropbearServer : ISshLogin, IAsyncDisposable
{
    private const UnixFileMode OnlyOurs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _endPoint;
    private readonly string _hostKey;
    private readonly string _userKey;
    private readonly string _knownHosts;
    private ChildProcess? _process;

    private DropbearServer(Machine machine, IPAddress address)
    {
        _endPoint = new IPEndPoint(address, machine.FreePort(address));
        _userKey = SshKeys.Create(_folder, "user-key");
        _knownHosts = _folder.PathOf("known_hosts");
        _hostKey = _folder.PathOf("host-key");
    }

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? SkipReason =>
        RealParts.SkipReason ?? (System.Environment.IsPrivilegedProcess ? null : "Dropbear's home folder can be exchanged by root only");

    public IEnumerable<string> LoginArguments =>
    [
        "-p", $"{_endPoint.Port}", "-i", _userKey, "-o", $"UserKnownHostsFile={_knownHosts}", "-o", "StrictHostKeyChecking=yes",
        $"{System.Environment.UserName}@{_endPoint.Address}",
    ];

    public static async Task<DropbearServer> StartAsync(Machine machine, IPAddress address)
    {
        var server = new DropbearServer(machine, address);
        var home = server._folder.PathOf("home");
        var ssh = Directory.CreateDirectory(Path.Combine(home, ".ssh")).FullName;
        File.SetUnixFileMode(home, OnlyOurs);
        File.SetUnixFileMode(ssh, OnlyOurs);
        File.Copy($"{server._userKey}.pub", Path.Combine(ssh, "authorized_keys"));
        await server.MakeHostKeyAsync();

        // -F -E: in the foreground, to stderr. -s: no passwords.
        const string inNamespace = "mount --bind \"$0\" \"$1\" && shift && exec dropbear \"$@\"";
        server._process = ChildProcess.Start(machine.Command("unshare",
        [
            "-m", "sh", "-c", inNamespace, home, System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile),
            "-F", "-E", "-s", "-P", "", "-p", $"{server._endPoint}", "-r", server._hostKey,
        ]));
        var log = server._process.Errors;
        var ready = await log.FindAsync(line => line.Contains("Not backgrounding", StringComparison.Ordinal), _startLimit);
        Assert.True(ready is not null, string.Join(System.Environment.NewLine, log.Lines));
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task MakeHostKeyAsync()
    {
        string[] arguments = ["-t", "ed25519", "-f", _hostKey];
        using var process = Process.Start(new ProcessStartInfo(RealParts.PathOf("dropbearkey"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        var words = output.Split('\n').Single(line => line.StartsWith("ssh-ed25519 ", StringComparison.Ordinal)).Split(' ');
        await File.WriteAllTextAsync(_knownHosts, $"[{_endPoint.Address}]:{_endPoint.Port} {words[0]} {words[1]}\n");
    }
}

/// <summary>A theory with Dropbear.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DropbearTheoryAttribute : TheoryAttribute
{
    public DropbearTheoryAttribute() => Skip = DropbearServer.SkipReason;
}
