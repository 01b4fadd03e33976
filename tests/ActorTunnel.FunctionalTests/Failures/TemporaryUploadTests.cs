using System.Net;
using ActorTunnel.Engine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.FunctionalTests.Ways;

namespace ActorTunnel.FunctionalTests.Failures;

/// <summary>UploadName=temporary and VerifySize with curl, sshd and vsftpd: no short file has a name that somebody looks for.</summary>
public sealed class TemporaryUploadTests : IAsyncLifetime, IDisposable
{
    private const int Clients = 10;

    private readonly LocalParts _parts = new();
    private readonly TunnelEngine _engine = LocalEngine.Create();
    private SshdServer _ssh = null!;

    public async Task InitializeAsync()
    {
        if (RealParts.SkipReason is null)
            _ssh = await _parts.SshdAsync();
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _parts.StopAsync();
    }

    public void Dispose() => _parts.Dispose();

    [RealPartsTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Active)]
    [InlineData(DataMode.ExtendedActive)]
    public async Task F3_a_whole_file_has_its_name_and_writes_over_an_older_one(DataMode mode)
    {
        var (ftp, entry) = await ForwardAsync(verifies: true);
        foreach (var size in new long[] { 0, 3 * TestFile.Mebibyte, 100_001 })
        {
            var file = await FileAsync(size);
            var outcome = (await new Curl(_parts.Machine).UploadAsync(entry, mode, file, "files/orders.csv")).Succeeded();
            await TestFile.AssertSameAsync(file, ftp.PathOf("orders.csv"), outcome);
        }

        Assert.Equal(["orders.csv"], NamesIn(ftp.FilesFolder));
        Assert.Contains(await ftp.ReadLogAsync(), line => line.Contains("\"SIZE .orders.csv.", StringComparison.Ordinal));
    }

    [RealPartsFact]
    public async Task F3_sshd_killed_in_the_middle_of_uploads_leaves_no_short_file_under_its_name()
    {
        var (ftp, entry) = await ForwardAsync();
        var file = await FileAsync(8 * TestFile.Mebibyte);
        var curl = new Curl(_parts.Machine);
        var uploads = Enumerable.Range(1, Clients)
            .Select(client => curl.Start(
                DataMode.ExtendedPassive, "--limit-rate", "1M", "-T", file, Curl.Url(entry, $"files/orders-{client}.csv")))
            .ToArray();
        await Eventually.IsTrueAsync(
            () => Directory.GetFiles(ftp.FilesFolder).Count(path => new FileInfo(path).Length > 0) == Clients, "all have begun");

        await _ssh.KillAsync();

        foreach (var upload in uploads)
        {
            Assert.NotEqual(0, (await upload.ToEndAsync(TimeSpan.FromMinutes(1))).ExitCode);
            await upload.DisposeAsync();
        }

        // vsftpd takes each for complete: the end of its data connection is all that it has seen.
        await Eventually.IsTrueAsync(
            async () => (await ftp.ReadLogAsync()).Count(line => line.Contains(" UPLOAD:", StringComparison.Ordinal)) == Clients,
            "vsftpd has seen the end of each");
        Assert.All(NamesIn(ftp.FilesFolder), name => Assert.Matches(@"^\.orders-\d+\.csv\.[0-9a-f]{8}\.part$", name));
    }

    [RealPartsTheory]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Active)]
    public async Task B12_what_a_killed_client_has_left_is_deleted(DataMode mode)
    {
        // With vsftpd's own patience of 300 s: it is not waited for.
        var (ftp, entry) = await ForwardAsync();
        var file = await FileAsync(16 * TestFile.Mebibyte);
        await using var upload = new Curl(_parts.Machine).Start(
            mode, "--limit-rate", "1M", "-T", file, Curl.Url(entry, "files/orders.csv"));
        await Eventually.IsTrueAsync(
            () => Directory.GetFiles(ftp.FilesFolder).Any(path => new FileInfo(path).Length > 0), "the upload has begun");

        await upload.KillAsync();

        await Eventually.IsTrueAsync(() => NamesIn(ftp.FilesFolder).Length == 0, "nothing is left");
    }

    [RealPartsFact]
    public async Task A_server_that_does_not_rename_keeps_the_whole_file_and_the_client_is_told_where()
    {
        var (ftp, entry) = await ForwardAsync(false, "cmds_denied=RNTO");
        var file = await FileAsync(100_000);

        var outcome = await new Curl(_parts.Machine).UploadAsync(entry, DataMode.ExtendedPassive, file, "files/orders.csv");

        Assert.NotEqual(0, outcome.ExitCode);
        var left = Assert.Single(NamesIn(ftp.FilesFolder));
        Assert.Contains($"451 Stored as {left}, could not be renamed: 550", outcome.ToString(), StringComparison.Ordinal);
        Assert.Equal(await TestFile.HashAsync(file), await TestFile.HashAsync(ftp.PathOf(left)));
    }

    private async Task<(VsftpdServer Ftp, IPEndPoint Entry)> ForwardAsync(bool verifies = false, params string[] settings)
    {
        var ftp = await _parts.FtpAsync(settings);
        var options = new FtpOptions { UploadName = UploadName.Temporary, VerifySize = verifies };
        return (ftp, await _engine.ForwardFtpAsync(ftp, LocalEngine.ProfileOf(_ssh), options));
    }

    private Task<string> FileAsync(long size) => TestFile.CreateAsync(_parts.Folder.PathOf($"{Guid.NewGuid():N}"), size);

    private static string[] NamesIn(string folder) => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path))];
}
