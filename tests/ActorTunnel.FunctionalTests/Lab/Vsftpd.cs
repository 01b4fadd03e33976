using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>
/// vsftpd on a loopback port of its own, for anonymous users, with everything it writes inside one folder. It runs as whoever runs the
/// tests, so it needs no account and no root directory owned by somebody else.
/// </summary>
internal sealed class Vsftpd : IDisposable
{
    private readonly ExternalProcess _process;
    private readonly TemporaryFolder _configuration;

    private Vsftpd(ExternalProcess process, TemporaryFolder configuration, IPEndPoint endPoint)
    {
        _process = process;
        _configuration = configuration;
        EndPoint = endPoint;
    }

    public IPEndPoint EndPoint { get; }

    public static async Task<Vsftpd> StartAsync(string folder, bool ipv6)
    {
        var endPoint = FreePort(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback);
        var configuration = new TemporaryFolder();
        var file = Path.Join(configuration.Path, "vsftpd.conf");
        File.WriteAllText(file, $"""
            listen={(ipv6 ? "NO" : "YES")}
            listen_ipv6={(ipv6 ? "YES" : "NO")}
            listen_address{(ipv6 ? "6" : "")}={endPoint.Address}
            listen_port={endPoint.Port}
            background=NO
            run_as_launching_user=YES
            anonymous_enable=YES
            local_enable=NO
            no_anon_password=YES
            anon_root={folder}
            anon_umask=022
            write_enable=YES
            anon_upload_enable=YES
            anon_mkdir_write_enable=YES
            anon_other_write_enable=YES
            allow_writeable_chroot=YES
            anon_world_readable_only=NO
            connect_from_port_20=NO
            xferlog_enable=YES
            vsftpd_log_file={configuration.Path}/vsftpd.log
            secure_chroot_dir={configuration.Path}
            seccomp_sandbox=NO
            isolate=NO
            isolate_network=NO

            """);
        var process = ExternalProcess.Start(Find(), file);
        var server = new Vsftpd(process, configuration, endPoint);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        _configuration.Dispose();
    }

    private static string Find() => File.Exists("/usr/sbin/vsftpd") ? "/usr/sbin/vsftpd" : "vsftpd";

    private static IPEndPoint FreePort(IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private async Task WaitUntilReadyAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                using var probe = new TcpClient(EndPoint.AddressFamily);
                await probe.ConnectAsync(EndPoint, limit.Token);
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                Assert.True(await timer.WaitForNextTickAsync(limit.Token), _process.Output);
            }
        }
    }
}
