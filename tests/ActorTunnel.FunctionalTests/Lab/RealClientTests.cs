using System.Security.Cryptography;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>curl and lftp against our server, with a folder behind it.</summary>
public sealed class RealClientTests : IDisposable
{
    private readonly TemporaryFolder _remote = new();
    private readonly TemporaryFolder _local = new();
    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(2_000_001);

    public void Dispose()
    {
        _remote.Dispose();
        _local.Dispose();
    }

    [Theory]
    [InlineData("--disable-epsv", false)]
    [InlineData("--ftp-pasv", false)]
    [InlineData("--ftp-pasv", true)]
    [InlineData("--disable-eprt --ftp-port -", false)]
    [InlineData("--ftp-port -", false)]
    [InlineData("--ftp-port -", true)]
    public async Task Curl_lists_downloads_uploads_and_resumes(string mode, bool ipv6)
    {
        await using var server = LabServer.Start(new FolderStorage(_remote.Path));
        var url = $"ftp://{server.EndPointOf(ipv6)}/";
        string[] common = ["-sS", "-u", $"{LabServer.User}:{LabServer.Password}", .. mode.Split(' ')];
        File.WriteAllBytes(Local("up"), _bytes);

        await ExternalProcess.RunAsync("curl", [.. common, "-T", Local("up"), url + "f"]);
        Assert.Equal(_bytes, File.ReadAllBytes(Remote("f")));

        Assert.Matches(@"^-rw-r--r-- .* 2000001 \w{3} \d\d \d\d:\d\d f\s*$", await ExternalProcess.RunAsync("curl", [.. common, url]));
        Assert.Equal("f", (await ExternalProcess.RunAsync("curl", [.. common, "-l", url])).Trim());

        await ExternalProcess.RunAsync("curl", [.. common, "-o", Local("down"), url + "f"]);
        Assert.Equal(_bytes, File.ReadAllBytes(Local("down")));

        File.WriteAllBytes(Local("down"), _bytes[..777_777]);
        await ExternalProcess.RunAsync("curl", [.. common, "-C", "-", "-o", Local("down"), url + "f"]);
        Assert.Equal(_bytes, File.ReadAllBytes(Local("down")));

        File.WriteAllBytes(Remote("f"), _bytes[..777_777]);
        await ExternalProcess.RunAsync("curl", [.. common, "-C", "-", "-T", Local("up"), url + "f"]);
        Assert.Equal(_bytes, File.ReadAllBytes(Remote("f")));
    }

    [Theory]
    [InlineData("set ftp:prefer-epsv no")]
    [InlineData("set ftp:prefer-epsv yes")]
    [InlineData("set ftp:passive-mode no")]
    public async Task Lftp_lists_uploads_resumes_and_mirrors(string mode)
    {
        await using var server = LabServer.Start(new FolderStorage(_remote.Path));
        File.WriteAllBytes(Local("f"), _bytes);
        File.WriteAllBytes(Local("down"), _bytes[..1_234_567]);
        Directory.CreateDirectory(Local("many"));
        for (var i = 0; i < 40; i++)
            File.WriteAllBytes(Local($"many/{i}"), _bytes[..(i * 997)]);

        var output = await LftpAsync(server, mode,
            $"put {Local("f")} -o f; ls; get -c f -o {Local("down")}; " +
            $"mirror -R --parallel=8 {Local("many")} many; mirror --parallel=8 many {Local("back")}; mv f g; rm g; rm -r many; ls");

        Assert.Matches(@"-rw-r--r-- .* 2000001 .* f", output);
        Assert.Equal(_bytes, File.ReadAllBytes(Local("down")));
        for (var i = 0; i < 40; i++)
            Assert.Equal(_bytes[..(i * 997)], File.ReadAllBytes(Local($"back/{i}")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_remote.Path));
    }

    [Fact]
    public async Task Lftp_leaves_a_download_with_ABOR_and_goes_on()
    {
        File.WriteAllBytes(Remote("big"), new byte[64 * 1024 * 1024]);
        File.WriteAllBytes(Remote("f"), _bytes);
        await using var server = LabServer.Start(new FolderStorage(_remote.Path));

        // head closes the pipe after a few bytes, and lftp drops the transfer.
        await LftpAsync(server, "set cmd:fail-exit no", $"cat big | head -c 100 > /dev/null; get f -o {Local("f")}");
        Assert.False((await server.NextTransferAsync()).Completed);
        Assert.Equal(_bytes, File.ReadAllBytes(Local("f")));
    }

    [Theory]
    [InlineData("--ftp-pasv")]
    [InlineData("--ftp-port -")]
    public async Task An_upload_of_a_client_that_is_killed_is_not_complete(string mode)
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        await using var server = LabServer.Start(storage, options => options with { UploadGrace = TimeSpan.FromSeconds(1) });
        File.WriteAllBytes(Local("up"), _bytes);
        using var curl = ExternalProcess.Start(
            "curl", ["-sS", .. mode.Split(' '), "--limit-rate", "100k", "-T", Local("up"), server.Url("/u")]);
        await Until(() => storage.FindUpload("/u") is { Length: > 0 });
        curl.Kill();
        Assert.False((await server.NextTransferAsync()).Completed);
        Assert.False(storage.FindUpload("/u")!.IsComplete);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private static Task<string> LftpAsync(LabServer server, string setting, string commands) => ExternalProcess.RunAsync(
        "lftp",
        "--norc",
        "-c",
        $"set net:max-retries 1; set net:timeout 10; set ftp:ssl-allow no; set cmd:fail-exit yes; {setting}; " +
        $"open -u {LabServer.User},{LabServer.Password} ftp://{server.EndPoint}; {commands}");

    private string Local(string name) => Path.Join(_local.Path, name);

    private string Remote(string name) => Path.Join(_remote.Path, name);
}
