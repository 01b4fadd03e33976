using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>
/// Servers answer ABOR as they like: once with the transfer, twice, with a refusal, not at all. What is sent next is never mistaken for it.
/// </summary>
public sealed class AbortAnswersTests
{
    private static readonly FtpOptions _temporary = new() { UploadName = UploadName.Temporary };

    public static TheoryData<string[]> Answers => new(
        [], ["226 abort successful"], ["225 nothing to abort"], ["500 what?"], ["502 not implemented"], ["426 aborted"],
        ["426 aborted", "226 abort successful"], ["226 closing", "225 nothing to abort"]);

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task B10_whatever_answers_an_ABOR_of_ours_the_next_commands_of_the_client_get_their_own_replies(string[] answers)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        data.Reset();
        await ftp.Client.SendAsync("REST 100\r\nPWD");
        await ftp.Server.ExpectAsync("ABOR");
        Assert.True(far.Channel.IsOpen);
        await ftp.Server.SayAsync("451 cannot store");
        await ftp.Client.ExpectAsync("451 cannot store");

        await ftp.Server.ExpectAsync("NOOP"); // What is said before its success is about ABOR.
        foreach (var answer in answers)
            await ftp.Server.SayAsync(answer);
        await ftp.Server.SayAsync("200 NOOP ok");

        await ftp.Server.ExpectAsync("REST 100");
        await ftp.Server.SayAsync("350 restarting");
        await ftp.Client.ExpectAsync("350 restarting");
        await ftp.Server.ExpectAsync("PWD");
        await ftp.Server.SayAsync("257 here");
        await ftp.Client.ExpectAsync("257 here");
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task B10_whatever_answers_an_ABOR_of_ours_it_is_not_taken_for_the_reply_to_DELE(string[] answers)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginUploadAsync(ftp);
        await data.SendAsync(new byte[1000]);
        await far.ReadAsync(1000);
        data.Reset();
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("451 cannot store");

        await ftp.Server.ExpectAsync("NOOP");
        foreach (var answer in answers)
            await ftp.Server.SayAsync(answer);
        await ftp.Server.SayAsync("200 NOOP ok");
        await ftp.Server.ExpectAsync($"DELE {temporary}");
        await ftp.Server.SayAsync("550 may not");

        await ftp.Client.ExpectAsync("451 cannot store");
        Assert.Equal(temporary, (await ftp.Audit.OneTransferAsync()).Leftover);
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("225 nothing to abort")]
    [InlineData("500 what?")]
    [InlineData(null)]
    public async Task B10_a_client_s_ABOR_that_comes_too_late_does_not_answer_for_the_name_of_the_file(string? answer)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginUploadAsync(ftp);
        data.Finish();
        Assert.True((await far.ReadToEndAsync()).IsWhole);
        await ftp.Client.SendAsync("ABOR");
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("226 stored");

        await ftp.Server.ExpectAsync("NOOP");
        if (answer is not null)
            await ftp.Server.SayAsync(answer);
        await ftp.Server.SayAsync("200 NOOP ok");
        await ftp.Server.ExpectAsync($"RNFR {temporary}");
        await ftp.Server.SayAsync("350 go on");
        await ftp.Server.ExpectAsync("RNTO file");
        await ftp.Server.SayAsync("250 renamed");

        await ftp.Client.ExpectAsync("226 stored");
        if (answer is not null)
            await ftp.Client.ExpectAsync(answer);
        await ftp.ExpectToWorkAsync();
        Assert.Equal(Failure.None, (await ftp.Audit.OneTransferAsync()).Outcome);
    }

    [Fact]
    public async Task B10_a_server_that_answers_nothing_behind_ABOR_is_given_up()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, data) = await ftp.BeginAsync("STOR file");
        data.Reset();
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.Client.SendAsync("PWD");
        await ftp.Server.ExpectAsync("NOOP");

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(30));

        await ftp.Client.ExpectAsync(421);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B10_a_refusal_of_the_client_s_ABOR_that_comes_for_PASV_does_not_shift_the_endpoints()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, data) = await ftp.BeginAsync("RETR one");
        await ftp.Client.SendAsync("ABOR\r\nPASV");
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.Server.ExpectAsync("PASV");

        await ftp.Server.SayAsync("500 what?"); // About ABOR, too late to be told from PASV's.
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("227 Entering Passive Mode (10,0,0,9,11,1).");
        var target = ftp.Transport.Serve(FtpScenario.Host, 2900);
        await ftp.Server.SayAsync("229 Extended (|||2900|)");

        Assert.DoesNotContain("10,0,0,9", await ftp.Client.ExpectAsync(227), StringComparison.Ordinal);
        await target.ReadAsync().Soon();
        await ftp.ExpectToWorkAsync();
        data.Dispose();
    }

    private static async Task<(FarEnd Far, DataSocket Data, string Temporary)> BeginUploadAsync(FtpScenario ftp)
    {
        var (far, endPoint) = await ftp.PassiveAsync();
        var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.Client.SendAsync("STOR file");
        var temporary = (await ftp.Server.ReadLineAsync())!["STOR ".Length..];
        await ftp.Server.SayAsync("150 go on");
        await ftp.Client.ExpectAsync("150 go on");
        return (far, data, temporary);
    }
}
