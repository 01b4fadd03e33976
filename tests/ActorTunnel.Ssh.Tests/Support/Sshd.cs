using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>
/// A real OpenSSH server on a loopback port, with a folder, keys and a configuration of its own. Logs in whoever runs the tests.
/// </summary>
public sealed class Sshd : IAsyncDisposable
{
    private const string Executable = "/usr/sbin/sshd";

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _log;

    private Sshd(Process process, string folder, StringBuilder log, int port, PrivateKey userKey)
    {
        _process = process;
        _folder = folder;
        _log = log;
        Port = port;
        UserKey = userKey;
    }

    public int Port { get; }

    public PrivateKey UserKey { get; }

    public string Folder => _folder;

    public static string User => Environment.UserName;

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <param name="extraConfig">Lines that come first and so win over ours.</param>
    /// <param name="hostKeyTypes">What ssh-keygen's option -t takes, with what may follow.</param>
    public static async Task<Sshd> StartAsync(string extraConfig = "", params string[] hostKeyTypes)
    {
        Assert.True(File.Exists(Executable), $"These tests need OpenSSH's server ({Executable}): apt install openssh-server");
        if (hostKeyTypes.Length == 0)
            hostKeyTypes = ["ed25519"];
        var folder = Directory.CreateTempSubdirectory("actortunnel-sshd-").FullName;
        foreach (var type in hostKeyTypes)
            await RunAsync("ssh-keygen", ["-q", "-N", "", "-f", HostKeyFile(folder, type), "-t", .. type.Split(' ')]);
        var userKey = PrivateKey.Generate("ecdsa-sha2-nistp256");
        File.WriteAllText(Path.Combine(folder, "authorized_keys"), userKey.PublicKey.ToLine() + "\n");
        var port = FreePort();
        var config = Path.Combine(folder, "config");
        File.WriteAllText(config, $"""
            {extraConfig}
            Port {port}
            ListenAddress 127.0.0.1
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            AllowTcpForwarding yes
            MaxStartups 100
            LogLevel VERBOSE
            AuthorizedKeysFile {Path.Combine(folder, "authorized_keys")}
            {string.Join('\n', hostKeyTypes.Select(type => $"HostKey {HostKeyFile(folder, type)}"))}
            """);
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        return await LaunchAsync(folder, config, port, userKey);
    }

    public async Task<Stream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public void Authorize(PublicKey key) => Authorize(key.ToLine());

    /// <summary>Adds a line of authorized_keys.</summary>
    public void Authorize(string line) => File.AppendAllText(Path.Combine(_folder, "authorized_keys"), line + "\n");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        UserKey.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<Sshd> LaunchAsync(string folder, string config, int port, PrivateKey userKey)
    {
        var log = new StringBuilder();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = new(Executable, ["-D", "-e", "-f", config]) { RedirectStandardError = true } };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
                log.AppendLine(line.Data);
            if (line.Data?.Contains("Server listening", StringComparison.Ordinal) == true)
                listening.TrySetResult();
            else if (line.Data is null)
                listening.TrySetException(new InvalidOperationException("sshd ended: " + log));
        };
        await process.StartAsync(listening.Task);
        return new(process, folder, log, port, userKey);
    }

    private static string HostKeyFile(string folder, string type) => Path.Combine(folder, "host_" + type.Replace(' ', '_'));

    private static async Task RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
