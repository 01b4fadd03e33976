using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>What a rule does to connections, seen from both ends.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class RuleActionTests(SocksSite site)
{
    private const byte NotAllowed = 2;
    private const byte Refused4 = 91;

    private static readonly FtpLogin _alice = SocksSite.LoginOf(SocksSite.Alice);

    [AccountsTheory]
    [InlineData("""{ "host": ["server"], "action": "block" }, { "action": "tunnel", "profile": "key" }""")]
    [InlineData("""{ "host": ["another.test"], "action": "tunnel", "profile": "key" }""")]
    [InlineData("")]
    public async Task What_a_rule_blocks_or_no_rule_names_is_refused(string rules)
    {
        await using var proxy = await site.StartWithRulesAsync(rules);

        Assert.Equal(NotAllowed, await RefusalAsync(site.Socks, SocksSite.Server));
        Assert.Equal(Refused4, await RefusalAsync(site.Socks with { Version = SocksVersion.Socks4 }, SocksSite.Server));
    }

    [AccountsFact]
    public async Task Direct_goes_without_SSH()
    {
        await using var open = await OpenServerAsync();
        await using var proxy = await site.StartWithRulesAsync("""{ "host": ["server"], "action": "direct" }""");
        var original = await TestFile.CreateAsync(open.PathOf("alice/open"), TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf("open");
        var logins = site.CountLogins(SocksSite.Alice);

        var outcome = (await site.Curl().DownloadAsync(
            new DnsEndPoint("server", open.EndPoint.Port), DataMode.ExtendedPassive, "open", copy)).Succeeded();

        await TestFile.AssertSameAsync(original, copy, outcome);
        await open.LoggedAsync(line => line.Contains("Client \"10.88.0.1\"", StringComparison.Ordinal), "that the client's machine came");
        Assert.Equal(logins, site.CountLogins(SocksSite.Alice));
    }

    [AccountsTheory]
    [InlineData("127.0.0.1", """{ "action": "direct" }""", false)]
    [InlineData("127.0.0.1", """{ "address": ["127.0.0.1"], "action": "direct" }""", true)]
    public async Task Direct_reaches_this_machine_only_by_a_rule_that_names_it(string address, string rule, bool allowed)
    {
        var target = site.Client.Listen(IPAddress.Parse(address));
        await using var proxy = await site.StartWithRulesAsync(rule);

        if (allowed)
            (await site.Socks.ConnectAsync(target.LocalEndPoint!)).Dispose();
        else
            Assert.Equal(NotAllowed, await RefusalAsync(site.Socks, target.LocalEndPoint!));
        target.Dispose();
    }

    /// <summary>The same as <c>ssh -D</c>: the 227 still names the server's own address.</summary>
    [AccountsFact]
    public async Task Tunnel_carries_bytes_through_SSH_and_understands_none()
    {
        await using var proxy = await site.StartWithRulesAsync("""{ "action": "tunnel", "profile": "key" }""");
        using var ftp = await RawFtp.LoginAsync(site.Socks, SocksSite.InnerServer, _alice);
        File.WriteAllText(site.Inner.PathOf("alice/plain"), "as it is");

        var data = await ftp.PassiveAsync();

        Assert.Equal(TwoHosts.InnerAddress, data.Address);
        using var socket = await site.Socks.ConnectAsync(data);
        Assert.Equal("as it is"u8.ToArray(), await ftp.DownloadAsync("plain", socket));
    }

    [AccountsFact]
    public async Task Ftp_tunnel_names_a_port_of_its_own()
    {
        await using var proxy = await site.StartWithRulesAsync("""{ "action": "ftp-tunnel", "profile": "key" }""");
        using var ftp = await RawFtp.LoginAsync(site.Socks, SocksSite.InnerServer, _alice);

        Assert.Equal(SocksSite.Proxy.Address, (await ftp.PassiveAsync()).Address);
    }

    [AccountsTheory]
    [InlineData(DataMode.ExtendedPassive)]
    [InlineData(DataMode.Passive)]
    public async Task A_fixed_destination_takes_the_place_of_what_was_asked_for(DataMode mode)
    {
        await using var proxy = await site.StartWithRulesAsync("""
            { "host": ["*.example"], "action": "ftp-tunnel", "profile": "key", "destination": "inner.test", "destinationPort": 21 }
            """);
        var original = await TestFile.CreateAsync(site.Inner.PathOf("alice/fixed"), TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf("fixed");

        var outcome = (await site.Curl().DownloadAsync(new DnsEndPoint("ftp.example", 2100), mode, "fixed", copy)).Succeeded();

        await TestFile.AssertSameAsync(original, copy, outcome);
    }

    [AccountsFact]
    public async Task A_rule_may_be_for_clients_of_one_address_only()
    {
        await using var proxy = await site.StartWithRulesAsync(
            """{ "client": ["127.0.0.2"], "action": "tunnel", "profile": "key" }""");

        Assert.Equal(NotAllowed, await RefusalAsync(site.Socks, SocksSite.Server));
        (await (site.Socks with { Source = IPAddress.Parse("127.0.0.2") }).ConnectAsync(SocksSite.Server)).Dispose();
    }

    [AccountsFact]
    public async Task An_IPv6_address_is_a_destination_like_any_other()
    {
        await using var ftp = await VsftpdServer.StartAsync(site.Hosts.Server, IPAddress.IPv6Loopback);
        await using var proxy = await site.StartWithRulesAsync(
            """{ "address": ["::1"], "action": "ftp-tunnel", "profile": "key" }""");
        var original = await TestFile.CreateAsync(ftp.PathOf("v6"), TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf("v6");

        var outcome = (await site.Curl(new FtpLogin("anonymous", "guest"))
            .DownloadAsync(ftp.EndPoint, DataMode.ExtendedPassive, "files/v6", copy)).Succeeded();

        await TestFile.AssertSameAsync(original, copy, outcome);
    }

    [AccountsTheory]
    [InlineData("inner.test", 9, 5)]
    [InlineData("nobody.invalid", 21, 4)]
    public async Task What_does_not_work_behind_SSH_is_told_by_its_code(string host, int port, byte code)
    {
        await using var proxy = await site.StartWithRulesAsync("""{ "action": "tunnel", "profile": "key" }""");

        Assert.Equal(code, await RefusalAsync(site.Socks, new DnsEndPoint(host, port)));
        Assert.Equal(Refused4, await RefusalAsync(site.Socks with { Version = SocksVersion.Socks4 }, new DnsEndPoint(host, port)));
    }

    private Task<VsftpdServer> OpenServerAsync() =>
        site.Accounts.StartFtpAsync(site.Hosts.Server, new IPEndPoint(site.Hosts.ServerAddress, 2121));

    private static async Task<byte> RefusalAsync(SocksProxy proxy, EndPoint target) =>
        (await Assert.ThrowsAsync<SocksRefusedException>(() => proxy.ConnectAsync(target))).Code;
}
