using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>A session ends when neither lines nor data have moved for so long; what moves keeps it, and nothing is injected for that.</summary>
public sealed class IdleSessionTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private static readonly FtpOptions _tenMinutes = new() { SessionIdle = 10 * _minute };

    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task F9_thirty_minutes_of_a_transfer_keep_the_control_connection_and_no_FTP_byte_is_injected(string command)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _tenMinutes);
        var (far, data) = await ftp.BeginAsync(command);
        var isDownload = command.StartsWith("RETR", StringComparison.Ordinal);

        for (var minute = 0; minute < 30; minute++)
        {
            await (isDownload ? far.SendAsync(new byte[1000]) : data.SendAsync(new byte[1000]));
            Assert.Equal(1000, (await (isDownload ? data.ReadAsync(1000) : far.ReadAsync(1000))).Length);
            ftp.Time.Advance(_minute);
        }

        await ftp.ExchangeStatAsync(); // The first line that the server hears since.
        if (isDownload)
            far.Close();
        else
            await FinishUploadAsync(ftp, far, data);
        await ftp.Server.SayAsync("226 done");
        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
        data.Dispose();
    }

    [Fact]
    public async Task A_session_in_which_nothing_is_said_ends_with_421()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _tenMinutes);
        ftp.Time.Advance(5 * _minute);
        await ftp.ExpectToWorkAsync();
        await ftp.Time.ElapseAsync(5 * _minute);

        await ftp.Time.ElapseAsync(5 * _minute); // Since the last word.

        await ftp.Client.ExpectAsync("421 Idle for 600 s; log in again to go on. [s1]");
        await ftp.Client.ExpectEndAsync();
        Assert.Equal(Failure.Timeout, (await ftp.Audit.OneSessionAsync()).Outcome);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task Without_a_limit_a_session_may_be_silent_for_ever()
    {
        await using var ftp = await FtpScenario.StartAsync(options: new() { SessionIdle = null });

        ftp.Time.Advance(TimeSpan.FromDays(30));

        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_transfer_that_moves_no_byte_for_so_long_is_broken_and_then_the_session_ends()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _tenMinutes);
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync(new byte[1000]);
        Assert.Equal(1000, (await far.ReadAsync(1000)).Length);

        await ftp.Time.ElapseAsync(10 * _minute); // Something was carried meanwhile, and nobody knows when.
        for (var minute = 0; minute < 10; minute++)
            await ftp.Time.ElapseAsync(_minute);

        await data.ExpectResetAsync();
        await ftp.Server.ExpectAsync("ABOR");
        Assert.True(far.Channel.IsOpen);
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.Client.ExpectAsync("421 Idle for 600 s; log in again to go on. [s1]");
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        var transfer = await ftp.Audit.OneTransferAsync();
        Assert.Equal((Failure.Timeout, "idle for 600 s"), (transfer.Outcome, transfer.Reason));
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task What_is_carried_unread_is_not_ended_because_its_data_is_not_seen()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _tenMinutes with { AuthTls = AuthTls.Transparent });
        await ftp.ExchangeAsync("AUTH TLS", "234 go on");

        ftp.Time.Advance(30 * _minute);

        await ftp.Client.SendRawAsync("unread"u8.ToArray());
        Assert.Equal("unread"u8.ToArray(), await ftp.Server.ReadAsync(6));
    }

    private static async Task FinishUploadAsync(FtpScenario ftp, FarEnd far, DataSocket data)
    {
        data.Finish();
        await ftp.Time.ElapseAsync(TimeSpan.FromMilliseconds(250)); // The second look whether the client lives.
        Assert.True((await far.ReadToEndAsync()).IsWhole);
    }
}
