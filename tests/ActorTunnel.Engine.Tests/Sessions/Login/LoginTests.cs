using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Login;

/// <summary>An FTP login that is the SSH login too.</summary>
public sealed class LoginTests
{
    [Fact]
    public async Task The_FTP_login_is_the_SSH_login_and_is_repeated_at_the_FTP_server()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.AcceptLoginAsync();

        var login = Assert.Single(ftp.Requests).Login!;
        Assert.Equal("alice", login.User);
        Assert.Equal("secret"u8.ToArray(), login.Password.Copy());
        await ftp.ExchangeAsync("NOOP", "200 of the server");
        await Patience.UntilAsync( // The directory may hear of it after the client.
            async () => await ftp.SessionsAsync() is [{ FtpUser: "alice" }], "the session is known");
    }

    [Fact]
    public async Task C14_data_connections_take_the_SSH_connection_of_the_login()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        var transport = await ftp.AcceptLoginAsync();

        var data = transport.Serve(LoginScenario.Host, 3001);
        await ftp.Client.SendAsync("EPSV");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 Entering Extended Passive Mode (|||3001|)");
        var port = (await ftp.Client.ExpectAsync(229)).Split('|')[3];
        using var client = await DataSocket.ConnectAsync(new(System.Net.IPAddress.Loopback, int.Parse(port, null as IFormatProvider)));
        var far = await data.ReadAsync().Soon();
        await ftp.ExchangeAsync("RETR file", "150 here it comes");
        await far.SendAsync("content"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Equal("content"u8.ToArray(), await client.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        Assert.Equal(1, ftp.Dialer.Count);
    }

    [Fact]
    public async Task B14_before_the_login_the_proxy_answers_itself()
    {
        await using var ftp = await LoginScenario.StartAsync();
        foreach (var (command, code) in new[]
        {
            ("AUTH TLS", 534), ("FEAT", 530), ("SYST", 215), ("NOOP", 200), ("CLNT lftp", 200), ("OPTS UTF8 ON", 200), ("opts utf8 on", 200),
            ("OPTS MLST type;", 530), ("HOST ftp.example.com", 220), ("HOST", 501), ("LIST", 530), ("PASV", 530), ("PBSZ 0", 530),
            ("REIN", 530), ("ABOR", 530), ("ACCT a", 530), ("PASS secret", 503), ("USER", 501), ("nonsense", 530), ("", 530),
            ("USER alice", 331), ("HOST other", 503), ("USER bob", 331), ("QUIT", 221),
        })
        {
            await ftp.AnsweredAsync(command, code);
        }

        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
        Assert.Equal(0, ftp.Dialer.Count);
    }

    [Theory]
    [InlineData("USER alice\rDELE f", "")]
    [InlineData("USER alice\0DELE f", "")]
    [InlineData("USER alice", "PASS secret\rDELE f")]
    public async Task No_second_command_goes_to_the_server_within_the_login(string user, string pass)
    {
        await using var ftp = await LoginScenario.StartAsync();

        await ftp.AnsweredAsync(user, pass.Length > 0 ? 331 : 501);
        if (pass.Length > 0)
            await ftp.AnsweredAsync(pass, 501);

        ftp.Client.Close();
        await ftp.ExpectNothingLeftAsync();
        Assert.Equal(0, ftp.Dialer.Count);
    }

    [Fact]
    public async Task B14_what_the_client_said_first_is_said_to_the_server_which_need_not_like_it()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.AnsweredAsync("CLNT old", 200);
        await ftp.AnsweredAsync("CLNT lftp/4.9", 200);
        await ftp.AnsweredAsync("OPTS UTF8 ON", 200);
        await ftp.AnsweredAsync("HOST ftp.example.com", 220);
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();

        await ftp.Server.SayAsync("120 in a moment");
        await ftp.Server.SayAsync("220-many");
        await ftp.Server.SayAsync("221 lines");
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("HOST ftp.example.com");
        await ftp.Server.SayAsync("500 what?");
        await ftp.Server.ExpectAsync("CLNT lftp/4.9");
        await ftp.Server.SayAsync("530-no");
        await ftp.Server.SayAsync("530 not now");
        await ftp.Server.ExpectAsync("OPTS UTF8 ON");
        await ftp.Server.SayAsync("200 fine");
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Server.SayAsync("331 go on");
        await ftp.Server.ExpectAsync("PASS secret");
        await ftp.Server.SayAsync("230-welcome");
        await ftp.Server.SayAsync("230 alice");
        await ftp.Client.ExpectAsync("230-welcome");
        await ftp.Client.ExpectAsync("230 alice");
        await ftp.ExchangeAsync("PWD", "257 \"/\"");
    }

    [Fact]
    public async Task Commands_in_one_segment_keep_their_order_on_both_sides_of_the_handover()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.Client.SendAsync("SYST\r\nUSER alice\r\nPASS secret\r\nTYPE I\r\nPWD\r\nQUIT");
        await ftp.Client.ExpectAsync(215);
        await ftp.Client.ExpectAsync(331);
        await ftp.AcceptLoginAsync();
        foreach (var (command, reply) in new[] { ("TYPE I", "200 ok"), ("PWD", "257 \"/\""), ("QUIT", "221 bye") })
        {
            await ftp.Server.ExpectAsync(command);
            await ftp.Server.SayAsync(reply);
            await ftp.Client.ExpectAsync(reply);
        }

        ftp.Server.Close();
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task What_the_server_says_behind_its_welcome_is_not_lost()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Server.SayAsync("331 go on");
        await ftp.Server.ExpectAsync("PASS secret");
        await ftp.Server.SayAsync("230 welcome\r\n421 but not for long");
        await ftp.Client.ExpectAsync("230 welcome");
        await ftp.Client.ExpectAsync("421 but not for long");
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_server_that_wants_no_password_gets_none()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync("anonymous", "");
        await ftp.LetInAsync();
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER anonymous");
        await ftp.Server.SayAsync("230 come in");
        await ftp.Client.ExpectAsync("230 come in");
        await ftp.ExchangeAsync("PWD", "257 \"/\"");
        Assert.Empty(Assert.Single(ftp.Requests).Login!.Password.Copy());
    }

    [Fact]
    public async Task A_server_that_wants_an_account_too_is_told_it_by_the_client()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Server.SayAsync("331 go on");
        await ftp.Server.ExpectAsync("PASS secret");
        await ftp.Server.SayAsync("332 account?");
        await ftp.Client.ExpectAsync("332 account?");
        await ftp.ExchangeAsync("ACCT books", "230 welcome");
    }

    [Fact]
    public async Task User_and_password_go_on_byte_for_byte()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync("j\u00c3\u00b6rg@example.com", " two spaces \u00ff ");
        await ftp.LetInAsync();
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER j\u00c3\u00b6rg@example.com");
        await ftp.Server.SayAsync("331 go on");
        await ftp.Server.ExpectAsync("PASS  two spaces \u00ff ");
        await ftp.Server.SayAsync("230 welcome");
        await ftp.Client.ExpectAsync(230);
        Assert.Equal("jörg@example.com", Assert.Single(ftp.Requests).Login!.User);
    }

    [Fact]
    public async Task A_user_name_that_is_no_UTF_8_cannot_be_an_SSH_user()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.AnsweredAsync("USER j\u00f6rg", 501);
        await ftp.AnsweredAsync("PASS secret", 503);
        await ftp.SendLoginAsync();
        await ftp.AcceptLoginAsync();
    }

    [Theory]
    [InlineData("al\0ice")]
    [InlineData("alice\u001b[2J")]
    [InlineData("alice\u00c2\u0085")]
    public async Task A_user_name_with_control_characters_cannot_be_an_SSH_user(string user)
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.AnsweredAsync($"USER {user}", 501);
        await ftp.AnsweredAsync("PASS secret", 503);
        Assert.Empty(ftp.Requests);
    }

    [Fact]
    public async Task A_user_name_longer_than_any_cannot_be_an_SSH_user()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.AnsweredAsync($"USER {new string('a', 256)}", 501);
        await ftp.AnsweredAsync($"USER {new string('a', 255)}", 331);
    }

    [Fact]
    public async Task A_password_with_a_NUL_at_which_sshd_would_hang_up_is_not_shown_to_it()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.AnsweredAsync("USER alice", 331);
        await ftp.AnsweredAsync("PASS se\0cret", 501);
        Assert.Empty(ftp.Requests);
        await ftp.SendLoginAsync();
        await ftp.AcceptLoginAsync();
    }

    [Fact]
    public async Task A_user_that_is_named_in_vain_is_not_whom_audit_tells_of()
    {
        await using var ftp = await LoginScenario.LoggedInAsync();
        await ftp.AnsweredAsync("USER bob", 530);
        ftp.Client.Close();
        Assert.Equal("alice", (await ftp.Audit.OneSessionAsync()).FtpUser);
    }

    [Fact]
    public async Task B13_nobody_else_can_log_in_on_the_connection_of_a_login()
    {
        await using var ftp = await LoginScenario.LoggedInAsync();
        await ftp.AnsweredAsync("USER bob", 530);
        await ftp.AnsweredAsync("user bob", 530);
        await ftp.AnsweredAsync("REIN", 502);
        await ftp.ExchangeAsync("NOOP", "200 of alice's server");
    }

    [Fact]
    public async Task Two_users_and_two_passwords_never_share_an_SSH_connection()
    {
        await using var alice = await LoginScenario.LoggedInAsync();
        foreach (var (user, password) in new[] { ("bob", "secret"), ("alice", "another") })
        {
            var dials = alice.Dialer.Count;
            var (client, accepted) = await DataSocket.PairAsync();
            using var other = new ScriptedClient(client);
            var rule = new FilterRule
            {
                Name = "r", Action = FilterAction.FtpTunnel, Profile = alice.Template, UserFromApplication = true,
            };
            alice.Sessions.Tell(
                new NewLoginSession(accepted, "test") { Decision = new(rule, rule.Action, LoginScenario.Host, 21) }, ActorRefs.NoSender);
            await other.ExpectAsync(220);
            await other.SendAsync($"USER {user}\r\nPASS {password}");
            await other.ExpectAsync(331);
            (await alice.Dialer.NextDialAsync()).Fail(Failure.Authentication);
            await other.ExpectAsync(530);
            Assert.Equal(dials + 1, alice.Dialer.Count);
        }
    }

    [Fact]
    public async Task With_a_key_for_all_users_the_FTP_password_still_tells_their_connections_apart()
    {
        var byKey = new ProfileTemplate
        {
            Name = "key", Make = request => FtpScenario.Profile with { User = request.Login!.User, Credentials = [] },
        };
        await using var ftp = await LoginScenario.StartAsync(rule => rule with { Profile = byKey });
        await ftp.SendLoginAsync(password: "guess");
        await ftp.LetInAsync();
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Server.SayAsync("530 no");
        await ftp.Client.ExpectAsync(530);
        await ftp.SendLoginAsync();
        await ftp.AcceptLoginAsync();
        Assert.Equal(2, ftp.Dialer.Count);
    }

    [Fact]
    public async Task The_end_when_idle_of_a_session_that_is_logged_in_is_that_of_any_session()
    {
        await using var ftp = await LoginScenario.LoggedInAsync();
        ftp.Sessions.Tell(EndWhenIdle.Instance, ActorRefs.NoSender);
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_stop_without_grace_zeroes_the_password_too()
    {
        await using var ftp = await LoginScenario.LoggedInAsync();
        var password = Assert.Single(ftp.Requests).Login!.Password;
        Assert.False(password.IsZeroed);
        await ftp.TerminateAsync();
        Assert.True(password.IsZeroed);
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_password_along()
    {
        await using var ftp = await LoginScenario.LoggedInAsync();
        ftp.Client.Close();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_SOCKS_client_is_told_of_success_first_and_then_greeted()
    {
        await using var proxy = await SocksScenario.StartAsync(
            SocksScenario.Rule(FilterAction.FtpTunnel) with { UserFromApplication = true });
        var server = proxy.Transport.Serve("ftp.internal", 21);
        var client = await proxy.AskAsync("ftp.internal", 21);
        await SocksScenario.ExpectAcceptedAsync(client);
        using var ftp = new ScriptedClient(client);
        await ftp.ExpectAsync("220 Ready.");
        await ftp.SendAsync("USER alice\r\nPASS secret");
        await ftp.ExpectAsync(331);
        var far = await server.ReadAsync().Soon();
        await far.SayAsync("220 real");
        await far.ExpectAsync("USER alice");
    }
}
