using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>A real Dropbear server on a loopback port, with a host key of each type and a user key of each type.</summary>
/// <remarks>
/// Dropbear reads authorized_keys in the home folder and nowhere else. It runs in a mount namespace in which that folder is ours, which
/// takes root.
/// </remarks>
public sealed class Dropbear : IAsyncLifetime
{
    private const UnixFileMode OnlyOurs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string[] _hostKeys = ["ed25519", "rsa", "ecdsa -s 256", "ecdsa -s 384", "ecdsa -s 521"];

    private readonly string _folder = Directory.CreateTempSubdirectory("actortunnel-dropbear-").FullName;
    private Process? _process;

    /// <summary>Why the tests with Dropbear cannot run here; null when they can.</summary>
    public static string? Missing =>
        !File.Exists("/usr/sbin/dropbear") ? "dropbear is not installed; tests/run as root on Debian installs it"
        : !Environment.IsPrivilegedProcess ? "Dropbear reads its keys in the home folder, which only root can exchange for a test"
        : null;

    /// <summary>A build server must never pass because it lacks a program; a developer's machine may.</summary>
    public static string? SkipReason => Environment.GetEnvironmentVariable("CI") == "true" ? null : Missing;

    public int Port { get; } = Sshd.FreePort();

    public UserKeys UserKeys { get; } = new();

    public async Task InitializeAsync()
    {
        if (Missing is { } missing)
        {
            Assert.True(SkipReason is not null, missing);
            return;
        }

        var files = new List<string>();
        foreach (var type in _hostKeys)
        {
            files.Add(Path.Combine(_folder, "host_" + type.Replace(' ', '_')));
            await RunAsync("dropbearkey", ["-f", files[^1], "-t", .. type.Split(' ')]);
        }

        // Dropbear, too, refuses folders that others may write to.
        var home = Path.Combine(_folder, "home");
        var ssh = Directory.CreateDirectory(Path.Combine(home, ".ssh"), OnlyOurs).FullName;
        File.SetUnixFileMode(home, OnlyOurs);
        await File.WriteAllTextAsync(Path.Combine(ssh, "authorized_keys"), UserKeys.AuthorizedKeys);
        await LaunchAsync(home, files);
    }

    public async Task<Stream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async Task DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        UserKeys.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // -F -E: in the foreground, to stderr. -s: no passwords. -W: its default window of 24 KiB makes every transfer wait.
    private async Task LaunchAsync(string home, IEnumerable<string> hostKeys)
    {
        const string inNamespace = "mount --bind \"$0\" \"$1\" && shift && exec dropbear \"$@\"";
        string[] arguments =
        [
            "-m", "sh", "-c", inNamespace, home, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            "-F", "-E", "-s", "-W", "1048576", "-P", "", "-p", $"127.0.0.1:{Port}", .. hostKeys.SelectMany(file => new[] { "-r", file }),
        ];
        var log = new StringBuilder();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = new("unshare", arguments) { RedirectStandardError = true } };
        _process.ErrorDataReceived += (_, line) =>
        {
            log.AppendLine(line.Data);
            if (line.Data?.Contains("Not backgrounding", StringComparison.Ordinal) == true)
                listening.TrySetResult();
            else if (line.Data is null)
                listening.TrySetException(new InvalidOperationException("dropbear ended: " + log));
        };
        _process.Start();
        _process.BeginErrorReadLine();
        await listening.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
