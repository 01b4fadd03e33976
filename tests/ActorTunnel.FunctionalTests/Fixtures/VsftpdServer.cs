using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>
/// vsftpd. Its anonymous clients may also rename and delete. As root it works as the package's own user <c>ftp</c>, else as the user of
/// this test run.
/// </summary>
public sealed class VsftpdServer : FtpServer
{
    private readonly string _logFile;
    private readonly string _configuration;

    private VsftpdServer(IPEndPoint endPoint, string[] settings)
        : base(endPoint)
    {
        _logFile = Folder.PathOf("vsftpd.log");
        _configuration = Folder.PathOf("vsftpd.conf");
        var empty = Directory.CreateDirectory(Folder.PathOf("empty")).FullName;
        var isV6 = endPoint.AddressFamily == AddressFamily.InterNetworkV6;

        // vsftpd takes the last value of a setting. It refuses a writable root, hence files/ below it.
        File.WriteAllLines(_configuration,
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
            $"anon_root={RootFolder}",
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
    }

    /// <summary>Starts a server; <paramref name="settings"/> are lines of vsftpd.conf that win over the usual ones.</summary>
    public static Task<VsftpdServer> StartAsync(Machine machine, IPAddress address, params string[] settings) =>
        StartAsync(machine, new IPEndPoint(address, machine.FreePort(address)), settings);

    /// <summary>The same on a certain port.</summary>
    public static async Task<VsftpdServer> StartAsync(Machine machine, IPEndPoint endPoint, params string[] settings)
    {
        var server = new VsftpdServer(endPoint, settings);
        await server.StartAsync(machine, "vsftpd", server._configuration);
        return server;
    }

    /// <summary>Every command, reply and transfer until now.</summary>
    public async Task<string[]> ReadLogAsync() => File.Exists(_logFile) ? await File.ReadAllLinesAsync(_logFile) : [];

    /// <summary>Waits for a line in the log.</summary>
    public Task LoggedAsync(Func<string, bool> isIt, string what) =>
        Eventually.IsTrueAsync(async () => (await ReadLogAsync()).Any(isIt), $"vsftpd logs {what}");
}
