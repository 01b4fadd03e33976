using System.Net;
using System.Net.Sockets;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.FunctionalTests.Transfers;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>
/// <c>-R</c>: clients on the SSH server's machine (or beyond it) use servers on ours. The FTP server listens on our loopback only, so the
/// SSH server's machine cannot reach it but through the tunnel.
/// </summary>
[Collection(SharedSite.Name)]
public sealed class RemoteForwardTests(Site site)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly string _name = $"remote-{Guid.NewGuid():N}";

    [RealPartsTheory]
    [MemberData(nameof(TransferCase.Modes), MemberType = typeof(TransferCase))]
    public async Task A_client_at_the_SSH_server_lists_uploads_and_downloads(ClientProgram program, DataMode mode, bool ipv6)
    {
        var remote = await site.RemoteAsync();

        await CarryAsync(remote.Server(ipv6), FtpClient.Create(program, site.Hosts.Server), remote.Entry(ipv6), mode);

        Assert.Equal(string.Empty, remote.Diagnostics);
    }

    [DropbearTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.ExtendedActive)]
    public async Task A_client_at_a_Dropbear_server_lists_uploads_and_downloads(DataMode mode)
    {
        await using var ssh = await DropbearServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Client, IPAddress.Loopback);
        var (tunnel, port) = await ActorTunnelProcess.StartRemoteAsync(site.Hosts.Client, ssh, $"ftp/0:{ftp.EndPoint}");
        await using var _ = tunnel;

        await CarryAsync(ftp, new Curl(site.Hosts.Server), new IPEndPoint(IPAddress.Loopback, port), mode);

        Assert.Equal(string.Empty, tunnel.Diagnostics);
    }

    [RealPartsTheory]
    [InlineData("yes", DataMode.ExtendedPassive)]
    [InlineData("clientspecified", DataMode.ExtendedPassive)]
    [InlineData("clientspecified", DataMode.Active)]
    public async Task With_GatewayPorts_clients_from_other_machines_are_served(string gatewayPorts, DataMode mode)
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress, $"GatewayPorts {gatewayPorts}");
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Client, IPAddress.Loopback);
        var (tunnel, port) = await ActorTunnelProcess.StartRemoteAsync(site.Hosts.Client, ssh, $"ftp/*:0:{ftp.EndPoint}");
        await using var _ = tunnel;
        var there = new IPEndPoint(site.Hosts.ServerAddress, port);

        await CarryAsync(ftp, new Curl(site.Hosts.Client), there, mode);

        Assert.Equal(string.Empty, tunnel.Diagnostics);
        using var raw = await RawFtp.LoginAsync(site.Hosts.Client, there);
        Assert.StartsWith("502", await raw.CommandAsync("PASV"), StringComparison.Ordinal);
    }

    [RealPartsFact]
    public async Task AdvertiseAddress_makes_PASV_work_from_other_machines()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress, "GatewayPorts clientspecified");
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Client, IPAddress.Loopback);
        var (tunnel, port) = await ActorTunnelProcess.StartRemoteAsync(
            site.Hosts.Client,
            ssh,
            $"ftp/{site.Hosts.ServerAddress}:0:{ftp.EndPoint}",
            "-o",
            $"AdvertiseAddress={site.Hosts.ServerAddress}");
        await using var _ = tunnel;

        await CarryAsync(ftp, new Lftp(site.Hosts.Client), new IPEndPoint(site.Hosts.ServerAddress, port), DataMode.Passive);

        Assert.Equal(string.Empty, tunnel.Diagnostics);
    }

    [RealPartsTheory]
    [InlineData("*")]
    [InlineData("address")]
    public async Task The_silent_loopback_of_GatewayPorts_no_is_said_and_works_on_loopback(string bind)
    {
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Client, IPAddress.Loopback);
        var address = bind == "*" ? bind : site.Hosts.AreSeparate ? site.Hosts.ServerAddress.ToString() : "127.0.0.3";
        var (tunnel, port) = await ActorTunnelProcess.StartRemoteAsync(site.Hosts.Client, site.Ssh, $"ftp/{address}:0:{ftp.EndPoint}");
        await using var _ = tunnel;

        if (bind == "*" || site.Hosts.AreSeparate)
        {
            Assert.Contains(
                $"bound port {port} to its loopback address only (GatewayPorts no)",
                tunnel.Diagnostics,
                StringComparison.Ordinal);
        }

        await CarryAsync(ftp, new Lftp(site.Hosts.Server), new IPEndPoint(IPAddress.Loopback, port), DataMode.Passive);
    }

    [RealPartsFact]
    public async Task A_plain_connection_keeps_its_half_close_beside_a_local_forward()
    {
        using var service = site.Hosts.Client.Listen(IPAddress.Loopback);
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        var (tunnel, port) = await ActorTunnelProcess.StartRemoteAsync(
            site.Hosts.Client, site.Ssh, $"tcp/0:{service.LocalEndPoint}", "-L", $"ftp/{entry}:{site.Ftp.EndPoint}");
        await using var _ = tunnel;
        var asked = new byte[5_000_000];
        Random.Shared.NextBytes(asked);

        using var client = await site.Hosts.Server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        var answering = AnswerAfterTheEndAsync(service);
        await using var stream = new NetworkStream(client);
        await stream.WriteAsync(asked);
        client.Shutdown(SocketShutdown.Send);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer).WaitAsync(_limit);

        Assert.Equal(asked, answer.ToArray());
        await answering;
        (await new Curl(site.Hosts.Client).ListAsync(entry, DataMode.ExtendedPassive, "files")).Succeeded();
    }

    [RealPartsTheory]
    [InlineData("AllowTcpForwarding local")]
    [InlineData("PermitListen none")]
    public async Task A_server_that_forbids_the_listener_ends_the_program_with_a_line(string setting)
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress, setting);

        var outcome = await ActorTunnelProcess.RunAsync(site.Hosts.Client, ["-R", "ftp/2121:localhost:21", .. ssh.LoginArguments]);

        Assert.Equal(11, outcome.ExitCode);
        Assert.Contains("AllowTcpForwarding or PermitListen", Assert.Single(outcome.Errors), StringComparison.Ordinal);
    }

    [RealPartsFact]
    public async Task Twenty_active_transfers_of_a_session_ask_sshd_for_one_listener()
    {
        await TestFile.CreateAsync(site.Ftp.PathOf(_name), 1000);
        var entry = await site.EntryAsync();
        var before = CountListens();

        var gets = Enumerable.Range(0, 20).Select(i => $"get files/{_name} -o {site.ClientFiles.PathOf($"{_name}-{i}")}");
        (await new Lftp(site.Hosts.Client).RunAsync(entry, DataMode.Active, gets)).Succeeded();

        Assert.Equal(1, CountListens() - before);
    }

    [RealPartsFact]
    public async Task A_server_that_connects_from_port_20_serves_several_active_transfers()
    {
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Server, site.Hosts.HiddenAddress, "connect_from_port_20=YES");
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, site.Ssh, ftp);
        await using var _ = tunnel;
        await TestFile.CreateAsync(ftp.PathOf(_name), 1000);

        var gets = Enumerable.Range(0, 5).Select(i => $"get files/{_name} -o {site.ClientFiles.PathOf($"{_name}-{i}")}");
        (await new Lftp(site.Hosts.Client).RunAsync(entry, DataMode.Active, gets)).Succeeded();
    }

    private int CountListens() => site.Ssh.Log.Lines.Count(line => line.Contains("rtype tcpip-forward", StringComparison.Ordinal));

    private async Task CarryAsync(VsftpdServer ftp, FtpClient client, IPEndPoint entry, DataMode mode)
    {
        var original = await TestFile.CreateAsync(site.ClientFiles.PathOf(_name), 3 * TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf($"{_name}-back");
        var upload = (await client.UploadAsync(entry, mode, original, $"files/{_name}")).Succeeded();
        mode.AssertUsed(upload);
        await TestFile.AssertSameAsync(original, ftp.PathOf(_name), upload);
        var download = (await client.DownloadAsync(entry, mode, $"files/{_name}", copy)).Succeeded();
        await TestFile.AssertSameAsync(original, copy, download);
        var list = (await client.ListAsync(entry, mode, "files")).Succeeded();
        Assert.Contains(list.Output, line => line.Contains(_name, StringComparison.Ordinal));
        File.Delete(original);
        File.Delete(copy);
    }

    private static async Task AnswerAfterTheEndAsync(Socket service)
    {
        using var socket = await service.AcceptAsync().WaitAsync(_limit);
        await using var stream = new NetworkStream(socket);
        using var heard = new MemoryStream();
        await stream.CopyToAsync(heard).WaitAsync(_limit);
        await stream.WriteAsync(heard.ToArray());
    }
}
