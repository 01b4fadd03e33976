using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>Sessions of one client address and of one FTP user, with the real actors.</summary>
public class SessionLimitTests
{
    private static readonly FtpOptions _onePerClient = new() { Restrictions = new() { SessionsPerClient = 1 } };
    private static readonly FtpOptions _onePerUser = new() { Restrictions = new() { SessionsPerUser = 1 } };

    [Fact]
    public async Task One_session_too_many_of_an_address_is_told_so_and_audited()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerClient);

        var (second, _) = await ftp.JoinAsync(isTurnedAway: true);

        Assert.EndsWith("Too many connections from your address; close one, or try again later. [s2]", await second.ExpectAsync(421));
        await second.ExpectEndAsync();
        Assert.Contains(ftp.Log.Warnings, line => line.Contains("s2 refused: too many sessions of this address [", StringComparison.Ordinal));
        var refused = Assert.Single(ftp.Audit.Records);
        Assert.Equal(
            (AuditEvent.Refused, Failure.Limit, "too many sessions of this address"), (refused.Event, refused.Outcome, refused.Reason));
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task The_log_names_who_was_turned_away_by_the_id_that_the_reply_has()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerClient);

        var (second, _) = await ftp.JoinAsync(isTurnedAway: true);

        Assert.Contains("[s2]", await second.ExpectAsync(421), StringComparison.Ordinal);
        Assert.Contains(ftp.Log.Warnings, line => line.StartsWith("s2 refused:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_address_is_not_concerned()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerClient);

        var (second, server) = await ftp.JoinAsync(IPAddress.IPv6Loopback);

        await server!.SayAsync("220 ready");
        await second.ExpectAsync("220 ready");
        second.Close();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task The_place_is_free_again_when_the_session_has_ended()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerClient);
        ftp.Client.Reset();
        await Patience.UntilAsync(async () => await ftp.SessionCountAsync() == 0, "the session gone");

        var (second, server) = await ftp.JoinAsync();

        await server!.SayAsync("220 ready");
        await second.ExpectAsync("220 ready");
        second.Close();
    }

    [Fact]
    public async Task One_session_too_many_of_a_user_is_told_so_in_place_of_the_welcome()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerUser);
        await LogInAsync(ftp.Client, ftp.Server, "alice");
        await ftp.Client.ExpectAsync("230 welcome");

        var (second, server) = await ftp.JoinAsync();
        await GreetAsync(second, server!);
        await LogInAsync(second, server!, "Alice ");

        Assert.Contains("Too many connections of this user", await second.ExpectAsync(421), StringComparison.Ordinal);
        await second.ExpectEndAsync();
        await server!.ReadToEndAsync();
        var refused = Assert.Single(ftp.Audit.Records, record => record.Event == AuditEvent.Refused);
        Assert.Equal((Failure.Limit, "Alice "), (refused.Outcome, refused.FtpUser));
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task Who_does_not_know_the_password_takes_nobodys_place()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerUser);
        await ftp.ExchangeAsync("USER alice", "331 password");
        await ftp.ExchangeAsync("PASS wrong", "530 no");

        var (second, server) = await ftp.JoinAsync();
        await GreetAsync(second, server!);
        await LogInAsync(second, server!, "alice");

        await second.ExpectAsync("230 welcome");
        second.Close();
    }

    [Fact]
    public async Task An_account_that_the_server_does_not_want_lets_nobody_in()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerUser);
        await ftp.ExchangeAsync("USER alice", "331 password");
        await ftp.ExchangeAsync("ACCT any", "202 superfluous");

        var (second, server) = await ftp.JoinAsync();
        await GreetAsync(second, server!);
        await LogInAsync(second, server!, "alice");

        await second.ExpectAsync("230 welcome");
        second.Close();
    }

    [Fact]
    public async Task Two_welcomes_at_once_are_one_session_and_one_refusal()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerUser);
        var (second, server) = await ftp.JoinAsync();
        await GreetAsync(second, server!);
        (ScriptedClient Client, FarEnd Server)[] both = [(ftp.Client, ftp.Server), (second, server!)];
        foreach (var (client, far) in both)
        {
            await client.SendAsync("USER alice");
            await far.ExpectAsync("USER alice");
        }

        await Task.WhenAll(both.Select(one => one.Server.SayAsync("230 welcome")));

        var lines = await Task.WhenAll(both.Select(one => one.Client.ReadLineAsync()));
        Assert.Equal(["230", "421"], lines.Select(line => line![..3]).Order());
        second.Close();
    }

    [Fact]
    public async Task B13_after_REIN_the_users_place_is_free_and_the_next_user_takes_one()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerUser);
        await LogInAsync(ftp.Client, ftp.Server, "alice");
        await ftp.Client.ExpectAsync("230 welcome");
        await ftp.ExchangeAsync("REIN", "220 as if new");

        var (second, server) = await ftp.JoinAsync();
        await GreetAsync(second, server!);
        await LogInAsync(second, server!, "alice");
        await second.ExpectAsync("230 welcome");
        await LogInAsync(ftp.Client, ftp.Server, "alice");

        await ftp.Client.ExpectAsync(421);
        second.Close();
    }

    [Fact]
    public async Task B13_a_second_USER_that_the_server_takes_is_counted_in_place_of_the_first()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _onePerUser);
        await LogInAsync(ftp.Client, ftp.Server, "alice");
        await ftp.Client.ExpectAsync("230 welcome");
        await LogInAsync(ftp.Client, ftp.Server, "bob");
        await ftp.Client.ExpectAsync("230 welcome");

        var (second, server) = await ftp.JoinAsync();
        await GreetAsync(second, server!);
        await LogInAsync(second, server!, "alice");

        await second.ExpectAsync("230 welcome");
        second.Close();
    }

    [Fact]
    public async Task A_login_that_is_the_SSH_login_is_counted_when_the_server_has_let_it_in()
    {
        await using var ftp = await LoginScenario.StartAsync(rule => rule with { Ftp = _onePerUser });
        await ftp.SendLoginAsync();
        await ftp.AcceptLoginAsync();

        using var second = await ftp.JoinAsync();
        await second.ExpectAsync("220 Ready.");
        await second.SendAsync("USER alice");
        await second.ExpectAsync(331);
        await second.SendAsync("PASS secret");
        var server = await ftp.NextServerAsync();
        await server.SayAsync("220 real server");
        await server.ExpectAsync("USER alice");
        await server.SayAsync("230 welcome");

        Assert.Contains("Too many connections of this user", await second.ExpectAsync(421), StringComparison.Ordinal);
        await second.ExpectEndAsync();
        Assert.Contains(ftp.Audit.Records, record => record is { Event: AuditEvent.Refused, Outcome: Failure.Limit, FtpUser: "alice" });
        await ftp.ExchangeAsync("NOOP", "200 still here");
    }

    [Fact]
    public async Task A_client_whose_login_comes_first_is_counted_when_the_rule_is_known()
    {
        await using var ftp = await LoginScenario.StartAsync(rule => rule with { Ftp = _onePerClient });

        using var second = await ftp.JoinAsync();

        Assert.Contains("Too many connections from your address", await second.ExpectAsync(421), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_the_FTP_proxy_is_counted_by_the_rule_of_the_host_that_it_names()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(template => new()
        {
            Name = "by-host", Action = FilterAction.FtpTunnel, Profile = template, Ftp = _onePerClient,
        });
        await ftp.SendLoginAsync($"alice@{LoginScenario.Host}");
        await ftp.AcceptLoginAsync();

        using var second = await ftp.ComeToProxyAsync();
        await second.ExpectAsync(220);
        await second.SendAsync($"USER bob@{LoginScenario.Host}");
        await second.ExpectAsync(331);
        await second.SendAsync("PASS secret");
        var server = await ftp.NextServerAsync();
        await server.SayAsync("220 real server");
        await server.ExpectAsync("USER bob");
        await server.SayAsync("230 welcome");

        Assert.Contains("Too many connections from your address", await second.ExpectAsync(421), StringComparison.Ordinal);
    }

    private static async Task GreetAsync(ScriptedClient client, FarEnd server)
    {
        await server.SayAsync("220 ready");
        await client.ExpectAsync("220 ready");
    }

    /// <summary>As far as the server's 230, which the client has not read.</summary>
    private static async Task LogInAsync(ScriptedClient client, FarEnd server, string user)
    {
        await client.SendAsync($"USER {user}");
        await server.ExpectAsync($"USER {user}");
        await server.SayAsync("331 password");
        await client.ExpectAsync("331 password");
        await client.SendAsync("PASS x");
        await server.ExpectAsync("PASS x");
        await server.SayAsync("230 welcome");
    }
}
