using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>The passive data connection of a SOCKS client: a second CONNECT, or past the proxy.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class DataConnectionTests(SocksSite site)
{
    private const string Content = "what the file says";

    // Only the control connection: a data connection that is none must find no rule.
    private const string Rule = """{ "ports": ["21"], "action": "ftp-tunnel", "profile": "key" }""";

    [AccountsFact]
    public async Task A_second_CONNECT_to_the_FTP_host_is_the_data_connection()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        using var ftp = await LoginAsync();

        using var data = await site.Socks.ConnectAsync(new DnsEndPoint("inner.test", (await ftp.ExtendedPassiveAsync()).Port));

        Assert.Equal(Content, await ReadAsync(ftp, data));
    }

    [AccountsTheory]
    [InlineData(SocksVersion.Socks4)]
    [InlineData(SocksVersion.Socks5)]
    public async Task A_second_CONNECT_to_the_advertised_address_is_the_data_connection(SocksVersion version)
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        var socks = site.Socks with { Version = version };
        using var ftp = await LoginAsync(socks);

        using var data = await socks.ConnectAsync(await ftp.PassiveAsync());

        Assert.Equal(Content, await ReadAsync(ftp, data));
    }

    [AccountsFact]
    public async Task A_client_may_connect_to_the_advertised_address_itself()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        using var ftp = await LoginAsync();

        using var data = await site.Client.ConnectAsync(await ftp.PassiveAsync());

        Assert.Equal(Content, await ReadAsync(ftp, data));
    }

    [AccountsFact]
    public async Task A_data_connection_is_made_once()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        using var ftp = await LoginAsync();
        var port = (await ftp.ExtendedPassiveAsync()).Port;
        using (var data = await site.Socks.ConnectAsync(new DnsEndPoint("inner.test", port)))
            Assert.Equal(Content, await ReadAsync(ftp, data));

        await Assert.ThrowsAsync<SocksRefusedException>(() => site.Socks.ConnectAsync(new DnsEndPoint("inner.test", port)));
    }

    [AccountsFact]
    public async Task Another_client_s_CONNECT_is_no_data_connection()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        using var ftp = await LoginAsync();
        var target = new DnsEndPoint("inner.test", (await ftp.ExtendedPassiveAsync()).Port);
        var stranger = site.Socks with { Source = IPAddress.Parse("127.0.0.2") };

        await Assert.ThrowsAsync<SocksRefusedException>(() => stranger.ConnectAsync(target));
        using var data = await site.Socks.ConnectAsync(target);

        Assert.Equal(Content, await ReadAsync(ftp, data));
    }

    private Task<RawFtp> LoginAsync() => LoginAsync(site.Socks);

    private async Task<RawFtp> LoginAsync(SocksProxy socks)
    {
        await File.WriteAllTextAsync(site.Inner.PathOf("alice/data"), Content);
        EndPoint server = socks.Version == SocksVersion.Socks4 ? new IPEndPoint(TwoHosts.InnerAddress, 21) : SocksSite.InnerServer;
        return await RawFtp.LoginAsync(socks, server, SocksSite.LoginOf(SocksSite.Alice));
    }

    private static async Task<string> ReadAsync(RawFtp ftp, System.Net.Sockets.Socket data) =>
        System.Text.Encoding.ASCII.GetString(await ftp.DownloadAsync("data", data));
}
