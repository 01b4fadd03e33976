using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>A broken transfer never looks complete, also when its data connection is a second CONNECT.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class BrokenTransferTests(SocksSite site)
{
    private const int Clients = 8;

    // More than all buffers on the way to a client take: what is on the way must not be the whole file.
    private const long Length = 24 * TestFile.Mebibyte;

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

    [AccountsTheory]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Active)]
    public async Task No_download_cut_off_by_the_death_of_sshd_looks_complete_and_the_next_one_is_whole(DataMode mode)
    {
        await using var ssh = await StartSshAsync();
        await using var proxy = await StartAsync(ssh);
        var name = $"cut-{Guid.NewGuid():N}";
        var original = await TestFile.CreateAsync(site.Ftp.PathOf($"alice/{name}"), Length);
        var copies = Copies(name);
        var curl = site.Curl();

        var downloads = copies.Select(copy => curl.Start(mode, "--limit-rate", "1M", "-o", copy, curl.UrlOf(SocksSite.Server, name)))
            .ToArray();
        await Eventually.IsTrueAsync(() => copies.All(HasBegun), "all downloads are on their way");
        await ssh.KillAsync();

        foreach (var download in downloads)
        {
            Assert.NotEqual(0, (await download.ToEndAsync(_limit)).ExitCode);
            await download.DisposeAsync();
        }

        await ssh.StartAsync();
        await Eventually.IsTrueAsync(
            async () => (await curl.DownloadAsync(SocksSite.Server, mode, name, copies[0])).ExitCode == 0, "the proxy dials again", _limit);
        Assert.Equal(await TestFile.HashAsync(original), await TestFile.HashAsync(copies[0]));
    }

    [AccountsTheory]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Active)]
    public async Task No_upload_cut_off_by_the_death_of_sshd_looks_complete_to_its_client(DataMode mode)
    {
        await using var ssh = await StartSshAsync();
        await using var proxy = await StartAsync(ssh);
        var name = $"cut-{Guid.NewGuid():N}";
        var original = await TestFile.CreateAsync(site.ClientFiles.PathOf(name), Length);
        var curl = site.Curl();

        var uploads = Enumerable.Range(0, Clients)
            .Select(i => curl.Start(mode, "--limit-rate", "1M", "-T", original, curl.UrlOf(SocksSite.Server, $"{name}-{i}")))
            .ToArray();
        await Eventually.IsTrueAsync(
            () => Enumerable.Range(0, Clients).All(i => HasBegun(site.Ftp.PathOf($"alice/{name}-{i}"))), "all uploads are on their way");
        await ssh.KillAsync();

        foreach (var upload in uploads)
        {
            Assert.NotEqual(0, (await upload.ToEndAsync(_limit)).ExitCode);
            await upload.DisposeAsync();
        }
    }

    /// <summary>During a transfer vsftpd does not look at its control connection; only its timeout ends the upload.</summary>
    [AccountsFact]
    public async Task The_server_does_not_take_the_upload_of_a_killed_client_for_complete()
    {
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Server, site.Hosts.HiddenAddress, "data_connection_timeout=3");
        await using var proxy = await StartAsync(site.Ssh);
        var curl = site.Curl(new FtpLogin("anonymous", "guest"));
        var file = await TestFile.CreateAsync(site.ClientFiles.PathOf($"killed-{Guid.NewGuid():N}"), 16 * TestFile.Mebibyte);
        var server = new System.Net.DnsEndPoint("server", ftp.EndPoint.Port);

        await using (var upload = curl.Start(
            DataMode.ExtendedPassive, "--limit-rate", "1M", "-T", file, curl.UrlOf(server, "files/killed")))
        {
            await Eventually.IsTrueAsync(() => HasBegun(ftp.PathOf("killed")), "the upload has begun");
            await upload.KillAsync();
        }

        await ftp.LoggedAsync(line => line.Contains(" UPLOAD:", StringComparison.Ordinal), "how the upload ended");
        Assert.All(
            (await ftp.ReadLogAsync()).Where(line => line.Contains(" UPLOAD:", StringComparison.Ordinal)),
            line => Assert.Contains("FAIL UPLOAD", line, StringComparison.Ordinal));
    }

    [AccountsFact]
    public async Task An_idle_client_hears_421_when_the_SSH_connection_is_lost()
    {
        await using var ssh = await StartSshAsync();
        await using var proxy = await StartAsync(ssh);
        using var ftp = await RawFtp.LoginAsync(site.Socks, SocksSite.Server, SocksSite.LoginOf(SocksSite.Alice));

        await ssh.KillAsync();

        Assert.StartsWith("421", await ftp.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(string.Empty, await ftp.ReplyAsync());
    }

    private string[] Copies(string name) =>
        [.. Enumerable.Range(0, Clients).Select(i => site.ClientFiles.PathOf($"{name}-{i}"))];

    private static bool HasBegun(string file) => new FileInfo(file) is { Exists: true, Length: > 0 };

    private Task<SshdServer> StartSshAsync() => SshdServer.StartAsync(
        site.ServerMachine, site.Hosts.ServerAddress, site.Accounts.SshSettings);

    private Task<ActorTunnelProcess> StartAsync(SshdServer ssh) => site.StartAsync($$"""
        {
          "socks": {},
          "profiles": {
            "p": {
              "host": "{{ssh.EndPoint.Address}}", "port": {{ssh.EndPoint.Port}}, "user": "alice",
              "identityFiles": ["{{site.Accounts.KeyOf(SocksSite.Alice)}}"], "knownHosts": ["{{ssh.KnownHosts}}"],
            },
          },
          "rules": [{ "action": "ftp-tunnel", "profile": "p" }],
        }
        """);
}
