using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>An SSH server other than OpenSSH: small windows, a channel closed at once with its end-of-file.</summary>
[Collection(SharedSite.Name)]
public sealed class DropbearTests(Site site)
{
    private const string Name = "files/dropbear";

    [DropbearTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Active)]
    [InlineData(DataMode.ExtendedActive)]
    public async Task Files_go_through_Dropbear_both_ways(DataMode mode)
    {
        await using var ssh = await DropbearServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(site.Hosts.Client, ssh, Forward.Ftp(entry, site.Ftp.EndPoint));
        var curl = new Curl(site.Hosts.Client);
        foreach (var length in new[] { 0, 1, 16 * TestFile.Mebibyte })
        {
            var original = await TestFile.CreateAsync(site.ClientFiles.PathOf($"dropbear-{length}"), length);
            var copy = $"{original}-back";
            var upload = (await curl.UploadAsync(entry, mode, original, $"{Name}-{length}")).Succeeded();
            await TestFile.AssertSameAsync(original, site.Ftp.PathOf($"dropbear-{length}"), upload);
            mode.AssertUsed(upload);
            var download = (await curl.DownloadAsync(entry, mode, $"{Name}-{length}", copy)).Succeeded();
            await TestFile.AssertSameAsync(original, copy, download);
        }
    }

    [DropbearTheory]
    [InlineData(DataMode.Passive)]
    [InlineData(DataMode.Active)]
    public async Task An_upload_whose_client_is_killed_is_not_taken_for_complete(DataMode mode)
    {
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Server, site.Hosts.HiddenAddress, "data_connection_timeout=3");
        await using var ssh = await DropbearServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(site.Hosts.Client, ssh, Forward.Ftp(entry, ftp.EndPoint));
        var file = await TestFile.CreateAsync(site.ClientFiles.PathOf($"dropbear-killed-{mode}"), 16 * TestFile.Mebibyte);

        await using (var upload = new Curl(site.Hosts.Client).Start(mode, "--limit-rate", "1M", "-T", file, Curl.Url(entry, Name)))
        {
            await Eventually.IsTrueAsync(
                () => new FileInfo(ftp.PathOf("dropbear")) is { Exists: true, Length: > 0 },
                "the upload has begun");
            await upload.KillAsync();
        }

        await ftp.LoggedAsync(line => line.Contains(" UPLOAD:", StringComparison.Ordinal), "how the upload ended");
        Assert.All(
            (await ftp.ReadLogAsync()).Where(line => line.Contains(" UPLOAD:", StringComparison.Ordinal)),
            line => Assert.Contains("FAIL UPLOAD", line, StringComparison.Ordinal));
    }
}
