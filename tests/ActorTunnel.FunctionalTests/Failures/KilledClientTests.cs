using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Failures;

/// <summary>
/// A client that dies in the middle of an upload: its kernel closes the data connection, which in FTP also means "complete".
/// </summary>
[Collection(SharedSite.Name)]
public sealed class KilledClientTests(Site site)
{
    private const string Name = "files/killed";

    [RealPartsTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Active)]
    [InlineData(DataMode.ExtendedActive)]
    public async Task The_server_does_not_take_the_upload_of_a_killed_client_for_complete(DataMode mode)
    {
        // During a transfer vsftpd does not look at its control connection; only this timeout ends the upload.
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Server, site.Hosts.HiddenAddress, "data_connection_timeout=3");
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, site.Ssh, ftp);
        await using var _ = tunnel;
        var curl = new Curl(site.Hosts.Client);
        var file = await TestFile.CreateAsync(site.ClientFiles.PathOf($"killed-{Guid.NewGuid():N}"), 16 * TestFile.Mebibyte);

        await using (var upload = curl.Start(mode, "--limit-rate", "1M", "-T", file, Curl.Url(entry, Name)))
        {
            await Eventually.IsTrueAsync(() => new FileInfo(ftp.PathOf("killed")) is { Exists: true, Length: > 0 }, "the upload has begun");
            await upload.KillAsync();
        }

        await ftp.LoggedAsync(line => line.Contains(" UPLOAD:", StringComparison.Ordinal), "how the upload ended");
        Assert.All(
            (await ftp.ReadLogAsync()).Where(line => line.Contains(" UPLOAD:", StringComparison.Ordinal)),
            line => Assert.Contains("FAIL UPLOAD", line, StringComparison.Ordinal));
        (await curl.UploadAsync(entry, mode, file, $"{Name}-not")).Succeeded();
    }
}
