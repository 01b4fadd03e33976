using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>Commands that the tunnel answers itself.</summary>
[Collection(SharedSite.Name)]
public sealed class ControlChannelTests(Site site)
{
    /// <summary>RFC 2577, section 3: the bounce attack.</summary>
    [RealPartsTheory]
    [InlineData("PORT 192,0,2,1,200,1")]
    [InlineData("PORT 127,0,0,1,0,25")]
    [InlineData("PORT 300,0,0,1,200,1")]
    [InlineData("EPRT |1|192.0.2.1|51201|")]
    [InlineData("EPRT |1|127.0.0.1|25|")]
    public async Task A_data_address_that_is_not_the_client_is_answered_501_and_never_reaches_the_server(string command)
    {
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, await site.EntryAsync());

        Assert.StartsWith("501", await ftp.CommandAsync(command), StringComparison.Ordinal);

        Assert.StartsWith("200", await ftp.CommandAsync("NOOP"), StringComparison.Ordinal);
        Assert.DoesNotContain(await site.Ftp.ReadLogAsync(), line => line.Contains($"\"{command}\"", StringComparison.Ordinal));
    }

    [RealPartsFact]
    public async Task AUTH_TLS_is_answered_534_and_the_session_goes_on()
    {
        using var ftp = await RawFtp.ConnectAsync(site.Hosts.Client, await site.EntryAsync());
        Assert.StartsWith("220", await ftp.ReplyAsync(), StringComparison.Ordinal);

        Assert.StartsWith("534", await ftp.CommandAsync("AUTH TLS"), StringComparison.Ordinal);

        Assert.StartsWith("230", await ftp.CommandAsync("USER anonymous"), StringComparison.Ordinal);
    }

    [RealPartsFact]
    public async Task Several_commands_in_one_segment_are_answered_in_order()
    {
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, await site.EntryAsync());

        await ftp.SendAsync("PWD\r\nEPSV\r\nNOOP\r\nQUIT");

        foreach (var code in new[] { "257", "229", "200", "221" })
            Assert.StartsWith(code, await ftp.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(string.Empty, await ftp.ReplyAsync());
    }
}
