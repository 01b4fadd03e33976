using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Sessions.Login;

/// <summary>FTP logins that come to nothing, and what is left of them.</summary>
public sealed class RefusedLoginTests
{
    [Fact]
    public async Task A_login_that_SSH_refuses_may_be_tried_again_over_another_connection()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync(password: "wrong");
        var dial = await ftp.Dialer.NextDialAsync();
        dial.Fail(Failure.Authentication, "Authentication as 'alice' failed.");
        Assert.Equal("530 SSH login refused: Authentication as 'alice' failed. [s1]", await ftp.Client.ExpectAsync(530));
        var warning = Assert.Single(ftp.Log.Warnings, line => line.Contains("login 1 refused: ", StringComparison.Ordinal));
        Assert.Matches(@" \[127\.0\.0\.1:\d+, FTP user 'alice', to ftp\.internal:21 through alice@[^ ]+:\d+\]", warning);
        Assert.True(ftp.Requests.Last().Login!.Password.IsZeroed);
        await Patience.UntilAsync(() => dial.Profile.Credentials.All(credential => credential.Secret!.IsZeroed), "the pool's copy zeroed");

        await ftp.AnsweredAsync("PASS secret", 503);
        await ftp.SendLoginAsync();
        await ftp.AcceptLoginAsync();
        await ftp.ExchangeAsync("NOOP", "200 fine");
    }

    [Fact]
    public async Task The_same_wrong_password_is_not_asked_of_the_SSH_server_again()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync(password: "wrong");
        (await ftp.Dialer.NextDialAsync()).Fail(Failure.Authentication);
        await ftp.Client.ExpectAsync(530);
        await ftp.SendLoginAsync(password: "wrong");
        await ftp.Client.ExpectAsync(530);
        Assert.Equal(1, ftp.Dialer.Count);
    }

    [Fact]
    public async Task After_three_refusals_the_session_ends()
    {
        await using var ftp = await LoginScenario.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await ftp.SendLoginAsync(password: $"wrong {i}");
            if (i == 2)
                await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(5)); // The server's budget for logins that fail.
            (await ftp.Dialer.NextDialAsync()).Fail(Failure.Authentication);
            await ftp.Client.ExpectAsync(530);
        }

        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_login_that_the_FTP_server_refuses_is_refused_in_its_words_and_may_be_tried_again()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        var transport = await ftp.LetInAsync();
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Server.SayAsync("331 go on");
        await ftp.Server.ExpectAsync("PASS secret");
        await ftp.Server.SayAsync("530-Sorry,\r\n530 not you.");
        await ftp.Client.ExpectAsync("530-Sorry,");
        await ftp.Client.ExpectAsync("530 not you.");
        await Patience.UntilAsync(() => transport.OpenChannels.Count == 0, "the FTP server's connection closed");
        Assert.True(ftp.Requests.Last().Login!.Password.IsZeroed);

        await ftp.SendLoginAsync("bob", "another");
        await ftp.AcceptLoginAsync("bob", "another");
        Assert.Equal(2, ftp.Dialer.Count);
    }

    [Fact]
    public async Task A_user_that_the_FTP_server_refuses_at_once_is_refused()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Server.SayAsync("530 no such user");
        await ftp.Client.ExpectAsync("530 no such user");
        await ftp.AnsweredAsync("NOOP", 200);
    }

    [Theory]
    [InlineData(Failure.Unreachable, 421)]
    [InlineData(Failure.Timeout, 421)]
    [InlineData(Failure.Limit, 421)]
    [InlineData(Failure.HostKey, 530)]
    [InlineData(Failure.Configuration, 530)]
    [InlineData(Failure.Credential, 530)]
    [InlineData(Failure.Prohibited, 530)]
    public async Task Without_an_SSH_connection_the_session_ends_with_530_when_it_will_be_no_better_later(Failure failure, int code)
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        (await ftp.Dialer.NextDialAsync()).Fail(failure, "no way.");
        Assert.Contains("no way.", await ftp.Client.ExpectAsync(code), StringComparison.Ordinal);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_jump_host_that_refuses_us_says_nothing_about_the_FTP_login()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        (await ftp.Dialer.NextDialAsync()).Outcome.SetResult(new TunnelFailed(Failure.Authentication, "no.", "jump.example.com"));
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_jump_host_with_another_key_will_be_no_better_later()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        (await ftp.Dialer.NextDialAsync()).Outcome.SetResult(new TunnelFailed(Failure.HostKey, "not its key.", "jump.example.com"));
        Assert.Contains("not its key.", await ftp.Client.ExpectAsync(530), StringComparison.Ordinal);
        await ftp.Client.ExpectEndAsync();
    }

    [Theory]
    [InlineData("421 full", "421 full")]
    [InlineData("530 not from there", null)]
    [InlineData("500 what?", null)]
    public async Task A_server_that_greets_with_a_refusal_ends_the_session(string greeting, string? heard)
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();
        await ftp.Server.SayAsync(greeting);
        var line = await ftp.Client.ExpectAsync(421);
        Assert.Equal(heard ?? line, line);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("220-half a greeting\r\n")]
    [InlineData("220 ready\r\n331 cut of")]
    public async Task A_server_that_closes_before_the_login_ends_the_session(string said)
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();
        await ftp.Server.SendAsync(System.Text.Encoding.ASCII.GetBytes(said));
        ftp.Server.Close();
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_server_that_says_421_to_a_password_has_the_last_word()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Server.SayAsync("331 go on");
        await ftp.Server.ExpectAsync("PASS secret");
        await ftp.Server.SayAsync("421 too many");
        await ftp.Client.ExpectAsync("421 too many");
        await ftp.Client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_server_that_talks_without_end_is_given_up()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();
        var talking = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 400; i++)
                    await ftp.Server.SayAsync($"220-{new string('x', 1000)}");
            }
            catch (IOException)
            {
                // Its channel was closed in mid-sentence.
            }
        });
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
        await talking.Soon();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_the_login_is_given_up()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Time.ElapseAsync(TimeSpan.FromMinutes(2));
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_client_has_two_minutes_for_its_login_whatever_else_it_says()
    {
        await using var ftp = await LoginScenario.StartAsync();
        ftp.Time.Advance(TimeSpan.FromSeconds(119));
        await ftp.AnsweredAsync("NOOP", 200);
        await ftp.AnsweredAsync("USER alice", 331);
        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(1));
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task The_SSH_server_may_take_its_time_and_after_a_refusal_the_client_too()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync(password: "wrong");
        var dial = await ftp.Dialer.NextDialAsync();
        ftp.Time.Advance(TimeSpan.FromMinutes(3));
        dial.Fail(Failure.Authentication);
        await ftp.Client.ExpectAsync(530);
        ftp.Time.Advance(TimeSpan.FromSeconds(119));
        await ftp.AnsweredAsync("NOOP", 200);
    }

    [Fact]
    public async Task B8_a_command_line_that_is_too_long_is_refused_before_the_login_too()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.AnsweredAsync($"USER {new string('x', 20_000)}", 500);
        await ftp.AnsweredAsync("NOOP", 200);
    }

    [Fact]
    public async Task B8_a_command_line_without_end_ends_the_session_before_the_login_too()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.Client.SendRawAsync(new byte[CommandAssembler.MaxReadAway + ControlLineReader.MaxLineLength]);
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_during_the_SSH_login_ends_the_session(bool inOrder)
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.Dialer.NextDialAsync();
        if (inOrder)
            ftp.Client.Close();
        else
            ftp.Client.Reset();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B5_a_client_that_leaves_behind_pipelined_commands_is_noticed_during_the_login()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.AnsweredAsync("USER alice", 331);
        await ftp.Client.SendAsync("PASS secret\r\nSYST\r\nPWD");
        await ftp.Dialer.NextDialAsync();
        ftp.Client.Close();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B5_a_client_that_has_said_QUIT_and_closed_its_side_is_logged_in_all_the_same()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.AnsweredAsync("USER alice", 331);
        await ftp.Client.SendAsync("PASS secret\r\nSYST\r\nQUIT");
        ftp.Client.Finish();
        await ftp.AcceptLoginAsync();
        await ftp.Server.ExpectAsync("SYST");
        await ftp.Server.SayAsync("215 UNIX");
        await ftp.Client.ExpectAsync("215 UNIX");
        await ftp.Server.ExpectAsync("QUIT");
        await ftp.Server.SayAsync("221 bye");
        await ftp.Client.ExpectAsync("221 bye");
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_FTP_server_has_answered_ends_the_session()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        await ftp.LetInAsync();
        ftp.Client.Close();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_command_is_not_obeyed()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.AnsweredAsync("USER alice", 331);
        await ftp.Client.SendRawAsync("PASS sec"u8.ToArray());
        ftp.Client.Finish();
        await ftp.ExpectNothingLeftAsync();
        Assert.Equal(0, ftp.Dialer.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_without_a_login_ends_at_once_when_it_is_told_to(bool duringLogin)
    {
        await using var ftp = await LoginScenario.StartAsync();
        if (duringLogin)
        {
            await ftp.SendLoginAsync();
            await ftp.Dialer.NextDialAsync();
        }

        ftp.Sessions.Tell(EndWhenIdle.Instance, ActorRefs.NoSender);
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_lost_SSH_connection_ends_the_login_that_is_under_way()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        (await ftp.LetInAsync()).Lose();
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }
}
