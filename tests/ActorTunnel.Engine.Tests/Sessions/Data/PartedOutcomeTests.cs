using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>A transfer's final reply that is too long, pauses or is cut off: not a byte of a success is said before it is one.</summary>
public sealed class PartedOutcomeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C1_a_success_too_long_for_a_line_is_not_begun_before_its_file_is_whole(bool isWhole)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync(new byte[1000]);
        Assert.Equal(1000, (await data.ReadAsync(1000)).Length);

        await ftp.Server.SayAsync($"226 {new string('x', 2 * ControlLineReader.MaxLineLength)}");
        if (isWhole)
            far.Close();
        else
            far.Break();

        var reply = await ftp.Client.ReadLineAsync();
        Assert.StartsWith(isWhole ? "226 The FTP server says more" : "426 Transfer aborted", reply, StringComparison.Ordinal);
        if (isWhole)
            Assert.Empty(await data.ReadToFinAsync());
        else
            await data.ExpectResetAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C1_a_success_of_too_many_lines_is_not_begun_before_its_file_is_whole()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await ftp.Server.SayAsync("226-So");
        for (var i = 0; i < 40; i++)
            await ftp.Server.SayAsync(new string('x', 10_000));
        await ftp.Server.SayAsync("226 End");
        far.Break();

        await ftp.Client.ExpectAsync(426);
        await data.ExpectResetAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C1_a_success_that_the_end_of_the_server_cuts_off_is_not_said()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, data) = await ftp.BeginAsync("RETR file");
        await ftp.Server.SayAsync("226-Transfer complete");
        ftp.Server.Close();

        await ftp.Client.ExpectAsync(421);
        await data.ExpectResetAsync();
    }

    [Fact]
    public async Task C1_a_line_in_the_middle_of_STAT_is_not_the_end_of_the_transfer()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync(new byte[1000]);
        far.Close();
        await ftp.Client.SendAsync("STAT");
        await ftp.Server.ExpectAsync("STAT");
        await ftp.Server.SayAsync("211-Status\r\n226 bytes so far");
        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(5));
        await ftp.Client.ExpectAsync("211-Status");
        await ftp.Client.ExpectAsync("226 bytes so far");

        await ftp.Server.SayAsync("426 disk error");

        await ftp.Client.ExpectAsync("426 disk error");
        await data.ExpectResetAsync();
    }

    [Fact]
    public async Task B1_what_comes_behind_a_pause_in_a_reply_is_not_the_reply_to_the_next_command()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("STAT .\r\nTYPE I");
        await ftp.Server.ExpectAsync("STAT .");
        await ftp.Server.SayAsync("213-List\r\n200 files here");
        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(5));
        await ftp.Client.ExpectAsync("213-List");
        await ftp.Client.ExpectAsync("200 files here");
        await ftp.Server.ExpectAsync("TYPE I");

        await ftp.Server.SayAsync("-rw-r--r-- file\r\n213 End");
        await ftp.Server.SayAsync("200 binary");
        await ftp.Client.ExpectAsync("-rw-r--r-- file");
        await ftp.Client.ExpectAsync("213 End");
        await ftp.Client.ExpectAsync("200 binary");
        await ftp.ExpectToWorkAsync();
        await ftp.ExchangeAsync("PWD", "257 here");
    }

    [Fact]
    public async Task B8_a_size_too_long_for_a_line_is_none()
    {
        await using var ftp = await FtpScenario.StartAsync(options: new FtpOptions { VerifySize = true });
        await ftp.ExchangeAsync("TYPE I", "200 ok");
        var (far, data) = await ftp.BeginAsync("STOR file");
        data.Finish();
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.ExpectAsync("SIZE file");
        await ftp.Server.SendAsync(System.Text.Encoding.ASCII.GetBytes("213 ".PadRight(ControlLineReader.MaxLineLength) + "\n"));

        await ftp.Client.ExpectAsync("226 stored");
        await ftp.ExpectToWorkAsync();
    }
}
