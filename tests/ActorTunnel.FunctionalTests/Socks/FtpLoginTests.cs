using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>The FTP login as the SSH login, with sshd that has the same accounts.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class FtpLoginTests(SocksSite site)
{
    private const string Rule = """{ "action": "ftp-tunnel", "profile": "application", "userFromApplication": true }""";

    private static readonly FtpLogin _alice = SocksSite.LoginOf(SocksSite.Alice);
    private static readonly FtpLogin _bob = SocksSite.LoginOf(SocksSite.Bob);

    [AccountsFact]
    public async Task After_a_wrong_password_the_right_one_works_on_the_same_connection()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        await File.WriteAllTextAsync(site.Inner.PathOf("alice/after"), "after");
        using var ftp = await RawFtp.ConnectAsync(site.Socks, SocksSite.InnerServer);
        Assert.StartsWith("220", await ftp.ReplyAsync(), StringComparison.Ordinal);

        Assert.StartsWith("530", await ftp.LoginAsync(_alice with { Password = "guess" }), StringComparison.Ordinal);
        Assert.StartsWith("530", await ftp.LoginAsync(_bob with { Password = _alice.Password }), StringComparison.Ordinal);
        Assert.StartsWith("230", await ftp.LoginAsync(_alice), StringComparison.Ordinal);

        Assert.StartsWith("200", await ftp.CommandAsync("TYPE I"), StringComparison.Ordinal);
        Assert.Equal("after"u8.ToArray(), await ftp.DownloadAsync("after"));
    }

    [AccountsFact]
    public async Task A_program_is_told_of_a_wrong_password_as_by_any_FTP_server()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);

        var outcome = await site.Curl(_alice with { Password = "guess" }).ListAsync(SocksSite.InnerServer, DataMode.ExtendedPassive, ".");

        Assert.Equal(67, outcome.ExitCode); // CURLE_LOGIN_DENIED
        Assert.DoesNotContain("guess", proxy.Diagnostics, StringComparison.Ordinal);
    }

    [AccountsFact]
    public async Task Two_users_never_share_an_SSH_connection_and_two_sessions_of_one_user_do()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        var (alices, bobs) = (site.CountLogins(SocksSite.Alice), site.CountLogins(SocksSite.Bob));

        using var first = await RawFtp.LoginAsync(site.Socks, SocksSite.InnerServer, _alice);
        using var second = await RawFtp.LoginAsync(site.Socks, SocksSite.InnerServer, _bob);
        using var third = await RawFtp.LoginAsync(site.Socks, SocksSite.InnerServer, _alice);

        await Eventually.IsTrueAsync(() => site.CountLogins(SocksSite.Bob) > bobs, "sshd logs bob's login");
        Assert.Equal((alices + 1, bobs + 1), (site.CountLogins(SocksSite.Alice), site.CountLogins(SocksSite.Bob)));
    }

    /// <summary>Whoever knows alice's name but not her password gets nothing of the connection that her password has made.</summary>
    [AccountsFact]
    public async Task A_wrong_password_is_refused_also_while_the_right_one_s_connection_stands()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        using var alice = await RawFtp.LoginAsync(site.Socks, SocksSite.InnerServer, _alice);
        using var stranger = await RawFtp.ConnectAsync(site.Socks, SocksSite.InnerServer);
        Assert.StartsWith("220", await stranger.ReplyAsync(), StringComparison.Ordinal);

        Assert.StartsWith("530", await stranger.LoginAsync(_alice with { Password = "guess" }), StringComparison.Ordinal);
        Assert.StartsWith("257", await alice.CommandAsync("PWD"), StringComparison.Ordinal);
    }

    [AccountsFact]
    public async Task Nobody_becomes_another_user_in_a_session()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        using var ftp = await RawFtp.LoginAsync(site.Socks, SocksSite.InnerServer, _alice);

        Assert.StartsWith("5", await ftp.CommandAsync($"USER {_bob.User}"), StringComparison.Ordinal);
        Assert.StartsWith("502", await ftp.CommandAsync("REIN"), StringComparison.Ordinal);
        Assert.StartsWith("257", await ftp.CommandAsync("PWD"), StringComparison.Ordinal);
    }

    [AccountsFact]
    public async Task What_programs_ask_before_the_login_is_answered()
    {
        await using var proxy = await site.StartWithRulesAsync(Rule);
        using var ftp = await RawFtp.ConnectAsync(site.Socks, SocksSite.InnerServer);
        Assert.StartsWith("220", await ftp.ReplyAsync(), StringComparison.Ordinal);

        Assert.StartsWith("5", await ftp.CommandAsync("AUTH TLS"), StringComparison.Ordinal);
        Assert.StartsWith("215", await ftp.CommandAsync("SYST"), StringComparison.Ordinal);
        Assert.StartsWith("200", await ftp.CommandAsync("CLNT tests"), StringComparison.Ordinal);
        Assert.StartsWith("530", await ftp.CommandAsync("FEAT"), StringComparison.Ordinal); // nobody knows the server yet
        Assert.StartsWith("530", await ftp.CommandAsync("PWD"), StringComparison.Ordinal);
        Assert.StartsWith("221", await ftp.CommandAsync("QUIT"), StringComparison.Ordinal);
        Assert.Equal("", await ftp.ReplyAsync());
    }

    [AccountsFact]
    public async Task The_password_answers_sshd_s_question_when_it_asks_one()
    {
        await using var ssh = await SshdServer.StartAsync(
            site.ServerMachine,
            site.Hosts.ServerAddress,
            ["PasswordAuthentication no", "KbdInteractiveAuthentication yes", .. site.Accounts.SshSettings]);
        await using var proxy = await site.StartAsync($$"""
            {
              "socks": {},
              "profiles": {
                "asked": {
                  "host": "{{ssh.EndPoint.Address}}", "port": {{ssh.EndPoint.Port}}, "methods": ["keyboard-interactive"],
                  "knownHosts": ["{{ssh.KnownHosts}}"],
                },
              },
              "rules": [{ "action": "ftp-tunnel", "profile": "asked", "userFromApplication": true }],
            }
            """);

        using (await RawFtp.LoginAsync(site.Socks, SocksSite.InnerServer, _bob))
        {
            var login = await ssh.Log.FindAsync(line => line.StartsWith("Accepted ", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
            Assert.StartsWith("Accepted keyboard-interactive/pam for bob ", login, StringComparison.Ordinal);
        }

        using var wrong = await RawFtp.ConnectAsync(site.Socks, SocksSite.InnerServer);
        Assert.StartsWith("220", await wrong.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("530", await wrong.LoginAsync(_bob with { Password = "guess" }), StringComparison.Ordinal);
    }

    [AccountsFact]
    public async Task A_server_that_is_down_is_told_after_the_login_and_is_no_wrong_password()
    {
        await using var proxy = await site.StartAsync($$"""
            {
              "socks": {},
              "profiles": { "down": { "host": "server", "port": 9, "methods": ["password"], "knownHosts": ["{{site.Ssh.KnownHosts}}"] } },
              "rules": [{ "action": "ftp-tunnel", "profile": "down", "userFromApplication": true }],
            }
            """);
        using var ftp = await RawFtp.ConnectAsync(site.Socks, SocksSite.InnerServer);
        Assert.StartsWith("220", await ftp.ReplyAsync(), StringComparison.Ordinal);

        Assert.StartsWith("421", await ftp.LoginAsync(_alice), StringComparison.Ordinal);
    }
}
