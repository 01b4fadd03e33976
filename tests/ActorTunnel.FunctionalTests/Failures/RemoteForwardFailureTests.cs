using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Failures;

/// <summary>Clients, servers and sshd that die in the middle of transfers through a remote forward.</summary>
[Collection(SharedSite.Name)]
public sealed class RemoteForwardFailureTests(Site site)
{
    private readonly string _name = $"remote-{Guid.NewGuid():N}";

    [RealPartsTheory]
    [InlineData("client", DataMode.ExtendedPassive)]
    [InlineData("client", DataMode.Active)]
    [InlineData("sshd", DataMode.ExtendedPassive)]
    [InlineData("actortunnel", DataMode.ExtendedPassive)]
    [InlineData("actortunnel", DataMode.Active)]
    public async Task The_server_does_not_take_an_upload_for_complete_whose_client_or_tunnel_was_killed(string victim, DataMode mode)
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Client, IPAddress.Loopback);
        var (tunnel, port) = await ActorTunnelProcess.StartRemoteAsync(site.Hosts.Client, ssh, $"ftp/0:{ftp.EndPoint}");
        await using var _ = tunnel;
        var file = await TestFile.CreateAsync(site.ClientFiles.PathOf(_name), 16 * TestFile.Mebibyte);
        var entry = new IPEndPoint(IPAddress.Loopback, port);

        await using (var upload = new Curl(site.Hosts.Server)
            .Start(mode, "--limit-rate", "1M", "-T", file, Curl.Url(entry, "files/killed")))
        {
            await Eventually.IsTrueAsync(
                () => new FileInfo(ftp.PathOf("killed")) is { Exists: true, Length: > TestFile.Mebibyte },
                "it is under way");
            await (victim switch { "client" => upload.KillAsync(), "sshd" => ssh.KillAsync(), _ => tunnel.KillAsync() });
            await ftp.LoggedAsync(line => line.Contains(" UPLOAD:", StringComparison.Ordinal), "how the upload ended");
        }

        // vsftpd does not look at its control connection in a transfer; here it sees a reset of its data connection.
        Assert.All(
            (await ftp.ReadLogAsync()).Where(line => line.Contains(" UPLOAD:", StringComparison.Ordinal)),
            line => Assert.Contains("FAIL UPLOAD", line, StringComparison.Ordinal));
    }

    [RealPartsTheory]
    [InlineData("sshd")]
    [InlineData("vsftpd")]
    [InlineData("actortunnel")]
    public async Task No_client_takes_a_download_for_complete_whose_server_or_tunnel_has_died(string victim)
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Client, IPAddress.Loopback);
        var (tunnel, port) = await ActorTunnelProcess.StartRemoteAsync(site.Hosts.Client, ssh, $"ftp/0:{ftp.EndPoint}");
        await using var _ = tunnel;
        await using (var file = File.Create(ftp.PathOf(_name)))
            file.SetLength(512 * TestFile.Mebibyte); // More than all the buffers on the way hold: then it would really be complete.
        var copy = site.ClientFiles.PathOf(_name);
        string[] arguments = ["--limit-rate", "8M", "-o", copy, Curl.Url(new IPEndPoint(IPAddress.Loopback, port), $"files/{_name}")];

        await using var download = new Curl(site.Hosts.Server).Start(DataMode.ExtendedPassive, arguments);
        await Eventually.IsTrueAsync(() => new FileInfo(copy) is { Exists: true, Length: > 0 }, "the download has begun");
        await (victim switch { "sshd" => ssh.KillAsync(), "vsftpd" => ftp.KillAsync(), _ => tunnel.KillAsync() });

        Assert.NotEqual(0, (await download.ToEndAsync(TimeSpan.FromMinutes(1))).ExitCode);
    }

    [RealPartsFact]
    public async Task After_sshd_was_killed_and_started_again_the_forward_is_there_on_the_same_port()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Client, IPAddress.Loopback);
        var (tunnel, port) = await ActorTunnelProcess.StartRemoteAsync(site.Hosts.Client, ssh, $"ftp/0:{ftp.EndPoint}");
        await using var _ = tunnel;

        await ssh.KillAsync();
        await ssh.StartAsync();

        await Eventually.IsTrueAsync(
            async () => (await new Curl(site.Hosts.Server)
                .ListAsync(new IPEndPoint(IPAddress.Loopback, port), DataMode.ExtendedPassive, "files")).ExitCode == 0,
            "the forward listens again",
            TimeSpan.FromSeconds(60));
    }
}
