using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>
/// vsftpd with a configuration, a port and a folder of its own. It needs no user of the system: anonymous clients may read, write,
/// rename and delete in <c>files/</c>. As root it works as the package's own user <c>ftp</c>, else as the user of this test run.
/// </summary>
public sealed class VsftpdServer : IAsyncDisposable
{
    public const UnixFileMode WritableForAll = (UnixFileMode)0x1FF;

    private readonly TemporaryFolder _folder = new();
    private readonly string _logFile;
    private readonly ChildProcess _process;

    private VsftpdServer(Machine machine, IPEndPoint endPoint, string[] settings)
    {
        EndPoint = endPoint;
        _logFile = _folder.PathOf("vsftpd.log");
        var root = Directory.CreateDirectory(_folder.PathOf("root")).FullName;
        var empty = Directory.CreateDirectory(_folder.PathOf("empty")).FullName;
        FilesFolder = Directory.CreateDirectory(Path.Combine(root, "files"), WritableForAll).FullName;
        File.SetUnixFileMode(FilesFolder, WritableForAll);
        var isV6 = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        var configuration = _folder.PathOf("vsftpd.conf");

        // vsftpd takes the last value of a setting. It refuses a writable root, hence files/ below it.
        File.WriteAllLines(configuration,
        [
            $"listen={(isV6 ? "NO" : "YES")}",
            $"listen_ipv6={(isV6 ? "YES" : "NO")}",
            $"{(isV6 ? "listen_address6" : "listen_address")}={endPoint.Address}",
            $"listen_port={EndPoint.Port}",
            "background=NO",
            $"run_as_launching_user={(System.Environment.IsPrivilegedProcess ? "NO" : "YES")}",
            $"ftp_username={(System.Environment.IsPrivilegedProcess ? "ftp" : System.Environment.UserName)}",
            "anonymous_enable=YES",
            "no_anon_password=YES",
            "local_enable=NO",
            "write_enable=YES",
            "anon_upload_enable=YES",
            "anon_mkdir_write_enable=YES",
            "anon_other_write_enable=YES",
            "anon_world_readable_only=NO",
            "anon_umask=022",
            $"anon_root={root}",
            "user_sub_token=$USER", // who logs in by an account of his own has a folder here
            $"local_root={FilesFolder}/$USER",
            $"secure_chroot_dir={empty}",
            "seccomp_sandbox=NO",
            "connect_from_port_20=NO",
            "pasv_enable=YES",
            "port_enable=YES",
            "max_clients=0",
            "max_per_ip=0",
            "xferlog_enable=YES",
            "xferlog_std_format=NO",
            "log_ftp_protocol=YES",
            $"vsftpd_log_file={_logFile}",
            .. settings,
        ]);
        _process = ChildProcess.Start(machine.Command("vsftpd", configuration));
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What clients see as <c>files/</c>.</summary>
    public string FilesFolder { get; }

    /// <summary>Starts a server; <paramref name="settings"/> are lines of vsftpd.conf that win over the usual ones.</summary>
    public static Task<VsftpdServer> StartAsync(Machine machine, IPAddress address, params string[] settings) =>
        StartAsync(machine, new IPEndPoint(address, machine.FreePort(address)), settings);

    /// <summary>The same on a certain port.</summary>
    public static async Task<VsftpdServer> StartAsync(Machine machine, IPEndPoint endPoint, params string[] settings)
    {
        var server = new VsftpdServer(machine, endPoint, settings);
        await Eventually.IsTrueAsync(() => server.IsReadyAsync(machine), $"vsftpd listens on {server.EndPoint}");
        return server;
    }

    /// <summary>A file that a client sees as <c>files/</c> and this name.</summary>
    public string PathOf(string name) => Path.Combine(FilesFolder, name);

    /// <summary>Every command, reply and transfer until now.</summary>
    public async Task<string[]> ReadLogAsync() => File.Exists(_logFile) ? await File.ReadAllLinesAsync(_logFile) : [];

    /// <summary>Waits for a line in the log.</summary>
    public Task LoggedAsync(Func<string, bool> isIt, string what) =>
        Eventually.IsTrueAsync(async () => (await ReadLogAsync()).Any(isIt), $"vsftpd logs {what}");

    /// <summary>Kills it with SIGKILL, the processes that serve its sessions included.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private Task<bool> IsReadyAsync(Machine machine)
    {
        Assert.False(_process.HasExited, string.Join(System.Environment.NewLine, _process.Output.Lines.Concat(_process.Errors.Lines)));
        return machine.CanConnectAsync(EndPoint);
    }
}
