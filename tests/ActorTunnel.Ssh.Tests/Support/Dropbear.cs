using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>A real Dropbear server on a loopback port.</summary>
/// <remarks>
/// Dropbear reads authorized_keys in the home folder and nowhere else. It runs in a mount namespace in which that folder is ours, which
/// takes root.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class Dropbear : IAsyncDisposable
{
    private const UnixFileMode OnlyOurs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder;
    private readonly Process _process;
    private readonly int _port;

    private Dropbear(string folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        _port = port;
    }

    /// <summary>Why it cannot run here; null when it can, and on a build server, which must never pass because it lacks it.</summary>
    public static string? SkipReason =>
        Environment.GetEnvironmentVariable("CI") == "true" ? null
        : !File.Exists("/usr/sbin/dropbear") ? "dropbear is not installed; tests/run as root on Debian installs it"
        : !Environment.IsPrivilegedProcess ? "Dropbear reads its keys in the home folder, which only root can exchange for a test"
        : null;

    /// <param name="authorizedKeys">Who may log in.</param>
    /// <param name="hostKeyTypes">
    /// At most four, which is Dropbear's limit: what dropbearkey's option -t takes, with what may follow.
    /// </param>
    public static async Task<Dropbear> StartAsync(string authorizedKeys, params string[] hostKeyTypes)
    {
        var folder = Directory.CreateTempSubdirectory("actortunnel-dropbear-").FullName;
        var hostKeys = new List<string>();
        foreach (var type in hostKeyTypes)
        {
            hostKeys.Add(Path.Combine(folder, "host_" + type.Replace(' ', '_')));
            await MakeHostKeyAsync(type, hostKeys[^1]);
        }

        // Dropbear, too, refuses folders that others may write to.
        var home = Path.Combine(folder, "home");
        var ssh = Directory.CreateDirectory(Path.Combine(home, ".ssh")).FullName;
        File.SetUnixFileMode(home, OnlyOurs);
        File.SetUnixFileMode(ssh, OnlyOurs);
        await File.WriteAllTextAsync(Path.Combine(ssh, "authorized_keys"), authorizedKeys);
        var port = Sshd.FreePort();
        return new(folder, await LaunchAsync(home, hostKeys, port), port);
    }

    public async Task<Stream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // -F -E: in the foreground, to stderr. -s: no passwords. -W: its default window of 24 KiB makes every transfer wait.
    private static async Task<Process> LaunchAsync(string home, IEnumerable<string> hostKeys, int port)
    {
        const string inNamespace = "mount --bind \"$0\" \"$1\" && shift && exec dropbear \"$@\"";
        string[] arguments =
        [
            "-m", "sh", "-c", inNamespace, home, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            "-F", "-E", "-s", "-W", "1048576", "-P", "", "-p", $"127.0.0.1:{port}", .. hostKeys.SelectMany(file => new[] { "-r", file }),
        ];
        var log = new StringBuilder();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = new("unshare", arguments) { RedirectStandardError = true } };
        process.ErrorDataReceived += (_, line) =>
        {
            log.AppendLine(line.Data);
            if (line.Data?.Contains("Not backgrounding", StringComparison.Ordinal) == true)
                listening.TrySetResult();
            else if (line.Data is null)
                listening.TrySetException(new InvalidOperationException("dropbear ended: " + log));
        };
        await process.StartAsync(listening.Task);
        return process;
    }

    private static async Task MakeHostKeyAsync(string type, string file)
    {
        string[] arguments = ["-f", file, "-t", .. type.Split(' ')];
        using var process = Process.Start(new ProcessStartInfo("dropbearkey", arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
