using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Failures;

/// <summary>sshd killed with all its connections, and started again.</summary>
[Collection(SharedSite.Name)]
public sealed class KilledServerTests(Site site)
{
    private const int Clients = 50;

    // More than all buffers on the way to a client take: what is on the way must not be the whole file.
    private const long Length = 24 * TestFile.Mebibyte;

    [RealPartsTheory]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Active)]
    public async Task No_download_cut_off_by_the_death_of_sshd_looks_complete_and_the_next_client_is_served(DataMode mode)
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, ssh, site.Ftp);
        await using var _ = tunnel;
        using var folder = new TemporaryFolder();
        var name = $"killed-{Guid.NewGuid():N}";
        var original = await TestFile.CreateAsync(site.Ftp.PathOf(name), Length);
        var url = Curl.Url(entry, $"files/{name}");

        await using var downloads = StartDownloads(mode, url, folder);
        await Eventually.IsTrueAsync(
            () => Enumerable.Range(1, Clients).All(client => new FileInfo(folder.PathOf($"{client}")) is { Exists: true, Length: > 0 }),
            "all downloads are on their way");
        await ssh.KillAsync();
        var exitCodes = (await downloads.ToEndAsync(TimeSpan.FromMinutes(2))).Succeeded().Output.Select(line => line.Split(' ')).ToArray();

        Assert.Equal(Clients, exitCodes.Length);
        Assert.Contains(exitCodes, words => words[1] != "0");
        foreach (var words in exitCodes.Where(words => words[1] == "0"))
            Assert.Equal(await TestFile.HashAsync(original), await TestFile.HashAsync(folder.PathOf(words[0])));

        await ssh.StartAsync();
        var copy = folder.PathOf("afterwards");
        var curl = new Curl(site.Hosts.Client);
        await Eventually.IsTrueAsync(
            async () => (await curl.DownloadAsync(entry, mode, $"files/{name}", copy)).ExitCode == 0,
            "the tunnel dials again",
            TimeSpan.FromSeconds(60));
        Assert.Equal(await TestFile.HashAsync(original), await TestFile.HashAsync(copy));
        Assert.False(tunnel.HasExited);
    }

    [RealPartsFact]
    public async Task An_idle_client_hears_421_when_the_SSH_connection_is_lost()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, ssh, site.Ftp);
        await using var _ = tunnel;
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, entry);

        await ssh.KillAsync();

        Assert.StartsWith("421", await ftp.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(string.Empty, await ftp.ReplyAsync());
    }

    /// <summary>One shell for all of them: it writes the number and the exit code of each client when it ends.</summary>
    private ChildProcess StartDownloads(DataMode mode, string url, TemporaryFolder folder)
    {
        const string script = """
            clients=$1; folder=$2; shift 2
            for i in $(seq "$clients"); do
                (code=0; "$@" -o "$folder/$i" 2>/dev/null || code=$?; echo "$i $code") &
            done
            wait
            """;
        string[] download = ["curl", .. Curl.Arguments(mode, ["--limit-rate", "1M", url])];
        return ChildProcess.Start(
            site.Hosts.Client.Command("bash", ["-c", script, "downloads", $"{Clients}", folder.FullName, .. download]));
    }
}
