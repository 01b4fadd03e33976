using System.Net;
using System.Net.Sockets;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>Who may use the proxy.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class AccessTests(SocksSite site)
{
    private static readonly FtpLogin _carol = new("carol", "her:own");

    [AccountsFact]
    public async Task Where_users_are_named_only_they_get_in()
    {
        await using var proxy = await StartWithUsersAsync("""{ "action": "tunnel", "profile": "key" }""");

        (await (site.Socks with { Login = _carol }).ConnectAsync(SocksSite.Server)).Dispose();
        await IsRefusedAsync(site.Socks with { Login = _carol with { Password = "guess" } }, 1);
        await IsRefusedAsync(site.Socks with { Login = new FtpLogin("nobody", _carol.Password) }, 1);
        await IsRefusedAsync(site.Socks, 0xFF);
        // SOCKS 4 has no passwords.
        Assert.InRange(await RefusalAsync(site.Socks with { Version = SocksVersion.Socks4, Login = _carol }), 91, 93);
    }

    [AccountsFact]
    public async Task Curl_logs_in_and_its_data_connection_too()
    {
        await using var proxy = await StartWithUsersAsync(
            """{ "socksUser": ["carol"], "ports": ["21"], "action": "ftp-tunnel", "profile": "application", "userFromApplication": true }""");
        var original = await TestFile.CreateAsync(site.Inner.PathOf("alice/known"), TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf("known");
        var curl = site.Curl();

        var outcome = (await curl.RunAsync(
            DataMode.ExtendedPassive, "--proxy-user", "carol:her:own", "-o", copy, curl.UrlOf(SocksSite.InnerServer, "known"))).Succeeded();

        await TestFile.AssertSameAsync(original, copy, outcome);
        Assert.DoesNotContain(_carol.Password, proxy.Diagnostics, StringComparison.Ordinal);
    }

    [AccountsFact]
    public async Task A_rule_may_be_for_one_user_only()
    {
        await using var proxy = await StartWithUsersAsync("""{ "socksUser": ["carol"], "action": "tunnel", "profile": "key" }""");

        (await (site.Socks with { Login = _carol }).ConnectAsync(SocksSite.Server)).Dispose();
        await IsRefusedAsync(site.Socks with { Login = new FtpLogin("dave", "d4ve") }, 2);
    }

    [AccountsFact]
    public async Task A_data_port_belongs_to_the_user_that_asked_for_it()
    {
        await using var proxy = await StartWithUsersAsync("""{ "ports": ["21"], "action": "ftp-tunnel", "profile": "key" }""");
        var carol = site.Socks with { Login = _carol };
        using var ftp = await RawFtp.LoginAsync(carol, SocksSite.InnerServer, SocksSite.LoginOf(SocksSite.Alice));
        var target = new DnsEndPoint("inner.test", (await ftp.ExtendedPassiveAsync()).Port);

        await Assert.ThrowsAsync<SocksRefusedException>(() => (site.Socks with { Login = new FtpLogin("dave", "d4ve") }).ConnectAsync(target));
        (await carol.ConnectAsync(target)).Dispose();
    }

    [AccountsFact]
    public async Task Beyond_loopback_only_the_networks_that_are_named_get_in()
    {
        var entry = new IPEndPoint(IPAddress.Parse("10.88.0.1"), 1080);
        await using var proxy = await site.StartAsync(
            $$"""
            {
              "socks": { "listen": ["{{entry}}"], "allowRelay": true, "clients": ["10.88.0.2/32"] },
              "profiles": {{site.Profiles}},
              "rules": [{ "action": "tunnel", "profile": "key" }],
            }
            """,
            entry);

        (await new SocksProxy(site.ServerMachine, entry).ConnectAsync(SocksSite.Server)).Dispose();
        // The reset comes while the client connects, speaks or reads.
        var ended = await Assert.ThrowsAnyAsync<Exception>(() => new SocksProxy(site.Client, entry).ConnectAsync(SocksSite.Server));
        Assert.True(ended is IOException or SocketException, ended.ToString());
    }

    [AccountsTheory]
    [InlineData("""{ "listen": ["10.88.0.1:1080"] }""")]
    [InlineData("""{ "listen": ["0.0.0.0:1080"], "clients": ["10.88.0.2/32"] }""")]
    [InlineData("""{ "listen": ["10.88.0.1:1080"], "allowRelay": true }""")]
    public async Task Beyond_loopback_it_does_not_listen_unless_both_words_are_said(string socks)
    {
        var file = site.WriteFile("relay.json", $$"""
            { "socks": {{socks}}, "rules": [{ "action": "direct" }] }
            """);

        var outcome = await ActorTunnelProcess.RunCommandAsync(site.Client, "proxy", "-c", file);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(outcome.Errors, line => line.Contains($"{file}:1", StringComparison.Ordinal));
    }

    [AccountsFact]
    public async Task A_file_of_users_that_others_can_read_is_refused()
    {
        var users = site.WriteFile("open-users", "carol:her:own\n");
        var file = site.WriteFile("open-users.json", $$"""
            { "socks": { "usersFile": "{{users}}" }, "rules": [{ "action": "direct" }] }
            """);

        var outcome = await ActorTunnelProcess.RunCommandAsync(site.Client, "proxy", "-c", file);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains(outcome.Errors, line => line.Contains(users, StringComparison.Ordinal));
    }

    private Task<ActorTunnelProcess> StartWithUsersAsync(string rules) => site.StartAsync($$"""
        {
          "socks": { "usersFile": "{{site.Secret("users", "carol:her:own\ndave:d4ve\n")}}" },
          "profiles": {{site.Profiles}},
          "rules": [
            {{rules}}
          ],
        }
        """);

    private static async Task IsRefusedAsync(SocksProxy proxy, byte code) => Assert.Equal(code, await RefusalAsync(proxy));

    private static async Task<byte> RefusalAsync(SocksProxy proxy) =>
        (await Assert.ThrowsAsync<SocksRefusedException>(() => proxy.ConnectAsync(SocksSite.Server))).Code;
}
