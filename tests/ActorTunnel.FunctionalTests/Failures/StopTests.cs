using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Failures;

/// <summary>Ends that were asked for.</summary>
[Collection(SharedSite.Name)]
public sealed class StopTests(Site site)
{
    [RealPartsTheory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_to_an_idle_tunnel_ends_it_with_exit_code_0(string signal)
    {
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, site.Ssh, site.Ftp);
        await using var _ = tunnel;

        var outcome = await tunnel.StopAsync(signal);

        outcome.Succeeded();
        Assert.Empty(outcome.Errors);
        Assert.False(await site.Hosts.Client.CanConnectAsync(entry));
    }

    [RealPartsFact]
    public async Task Who_stops_it_while_there_are_sessions_is_told_what_it_waits_for()
    {
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, site.Ssh, site.Ftp);
        await using var _ = tunnel;
        using var ftp = await RawFtp.ConnectAsync(site.Hosts.Client, entry);
        Assert.StartsWith("220", await ftp.ReplyAsync(), StringComparison.Ordinal);

        var outcome = await tunnel.StopAsync("TERM");

        outcome.Succeeded();
        Assert.Equal(
            ["actortunnel: stopping: 1 session gets 10 s for its transfers; a second signal ends it at once"], outcome.Errors);
        Assert.StartsWith("421", await ftp.ReplyAsync(), StringComparison.Ordinal);
    }

    [RealPartsFact]
    public async Task SIGTERM_lets_a_short_transfer_finish()
    {
        var (tunnel, entry) = await ActorTunnelProcess.StartFtpAsync(site.Hosts, site.Ssh, site.Ftp);
        await using var _ = tunnel;
        var name = $"stop-{Guid.NewGuid():N}";
        var original = await TestFile.CreateAsync(site.Ftp.PathOf(name), 2 * TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf(name);
        await using var download = new Curl(site.Hosts.Client).Start(
            DataMode.ExtendedPassive, "--limit-rate", "1M", "-o", copy, Curl.Url(entry, $"files/{name}"));
        await Eventually.IsTrueAsync(() => new FileInfo(copy) is { Exists: true, Length: > 0 }, "the download has begun");

        var stopping = tunnel.StopAsync("TERM");

        await TestFile.AssertSameAsync(original, copy, (await download.ToEndAsync(TimeSpan.FromMinutes(1))).Succeeded());
        (await stopping).Succeeded();
    }
}
