using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>What servers say, as they say it.</summary>
public sealed class ReplyTests
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task B1_a_reply_of_several_lines_passes_whole_whatever_codes_are_inside()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("STAT x", "213-Status\r\n226 not the end\r\n2130 nor here\r\n 213 nor here\r\n213 End");
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("211-Extended features:\r\nUTF8\r\nno space\r\n211")]
    [InlineData("214-\r\n214-more\r\n214")]
    public async Task B2_a_reply_may_end_with_its_bare_code_and_have_lines_without_a_space(string reply)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("SITE x", reply);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B2_a_reply_that_ends_with_another_code_passes_and_holds_nobody_up()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("PASS x\r\nSYST");
        await ftp.Server.ExpectAsync("PASS x");
        await ftp.Server.SayAsync("230-Welcome\r\n220 ready");

        await ftp.Time.ElapseAsync(_pause);

        await ftp.Client.ExpectAsync("230-Welcome");
        await ftp.Client.ExpectAsync("220 ready");
        await ftp.Server.ExpectAsync("SYST");
        await ftp.Server.SayAsync("215 UNIX");
        await ftp.Client.ExpectAsync("215 UNIX");
    }

    [Fact]
    public async Task B2_a_reply_that_does_not_end_passes_as_far_as_it_has_come()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("SITE slow");
        await ftp.Server.ExpectAsync("SITE slow");
        await ftp.Server.SayAsync("200-working\r\n 10 %");
        await ftp.Time.ElapseAsync(_pause);
        await ftp.Client.ExpectAsync("200-working");
        await ftp.Client.ExpectAsync(" 10 %");

        await ftp.Server.SayAsync(" 90 %\r\n200 done");

        await ftp.Client.ExpectAsync(" 90 %");
        await ftp.Client.ExpectAsync("200 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B2_success_in_several_lines_is_not_told_before_the_file_is_whole()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226-Transferred");
        await ftp.Time.ElapseAsync(_pause);

        ftp.Transport.Lose();

        await ftp.Client.ExpectAsync(426);
        await ftp.Client.ExpectAsync(421);
        await data.ExpectResetAsync();
    }

    [Fact]
    public async Task B4_a_421_passes_and_ends_the_session_while_nothing_is_asked()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Server.SayAsync("421-Idle\r\n421 too long");
        await ftp.Client.ExpectAsync("421-Idle");
        await ftp.Client.ExpectAsync("421 too long");
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData("NOOP")]
    [InlineData("PASV")]
    [InlineData("PASS x")]
    public async Task B4_a_421_in_place_of_a_reply_passes_and_ends_the_session(string command)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync(command, "421 going down");
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData("USER a", "331 s/key 97 ke1234 \u00ff\t ")]
    [InlineData("USER a", "331-otp-md5 97 lo5678\r\n ext\r\n331 Response?")]
    [InlineData("USER a", "230 no password")]
    [InlineData("USER a", "332 account")]
    [InlineData("PASS a", "530 too many users")]
    [InlineData("ACCT a", "230-\u00e4\r\n\r\n230 in")]
    public async Task B16_texts_of_a_login_pass_byte_for_byte(string command, string reply)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync(command, reply);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B18_STAT_in_the_middle_of_a_transfer_is_answered_before_it()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await ftp.ExchangeAsync("STAT", "211-Sending\r\n226 lines so far\r\n211 end");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B18_STAT_that_the_server_answers_behind_the_transfer_takes_its_own_reply()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await ftp.Client.SendAsync("STAT");
        await ftp.Server.ExpectAsync("STAT");
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Empty(await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        await ftp.Server.SayAsync("211 idle");
        await ftp.Client.ExpectAsync("211 idle");
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("SITE CHMOD 755 a", "200 changed")]
    [InlineData("XCRC a", "250 12345678")]
    [InlineData("HASH a", "213 SHA-1 0-2 da39 a")]
    [InlineData("MFMT 20260101000000 a", "213 Modify=20260101000000; a")]
    [InlineData("MLST a", "250-Listing\r\n type=file;size=3; a\r\n250 End")]
    [InlineData("COMB a b", "250 combined")]
    [InlineData("RANG 0 1", "350 Restarting")]
    [InlineData("AVBL", "213 123456789")]
    [InlineData("XYZZY", "500 What?")]
    public async Task B19_commands_that_mean_nothing_to_a_tunnel_pass(string command, string reply)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync(command, reply);
        await ftp.ExpectToWorkAsync();
    }
}
