using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>What clients may do, and how many of them, with real clients and vsftpd.</summary>
[Collection(SharedSite.Name)]
public sealed class RestrictionTests(Site site)
{
    [RealPartsTheory]
    [InlineData("SessionsPerClient=1", "Too many connections from your address")]
    [InlineData("SessionsPerUser=1", "Too many connections of this user")]
    public async Task One_client_too_many_is_told_421_and_the_next_is_served_when_there_is_room(string limit, string text)
    {
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(
            site.Hosts.Client, site.Ssh, ["-o", limit], Forward.Ftp(entry, site.Ftp.EndPoint));
        var curl = new Curl(site.Hosts.Client);
        using (await RawFtp.LoginAsync(site.Hosts.Client, entry))
        {
            var refused = await curl.RunAsync(DataMode.ExtendedPassive, "--verbose", Curl.Url(entry, "files/"));
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains($"421 {text}", refused.ToString(), StringComparison.Ordinal);
        }

        await Eventually.IsTrueAsync(
            async () => (await curl.ListAsync(entry, DataMode.ExtendedPassive, "files")).ExitCode == 0, "the next client is served");
    }

    [RealPartsFact]
    public async Task A_read_only_session_lists_and_changes_nothing()
    {
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(
            site.Hosts.Client, site.Ssh, ["-o", "ReadOnly=yes"], Forward.Ftp(entry, site.Ftp.EndPoint));
        var curl = new Curl(site.Hosts.Client);

        (await curl.ListAsync(entry, DataMode.ExtendedPassive, "files")).Succeeded();
        var file = site.ClientFiles.PathOf(Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, "no");
        var upload = await curl.UploadAsync(entry, DataMode.ExtendedPassive, file, "files/no");

        Assert.NotEqual(0, upload.ExitCode);
        using var raw = await RawFtp.LoginAsync(site.Hosts.Client, entry);
        Assert.StartsWith("550 ", await raw.CommandAsync("DELE files/no"), StringComparison.Ordinal);
        Assert.StartsWith("550 ", await raw.CommandAsync("MKD files/no"), StringComparison.Ordinal);
    }
}
