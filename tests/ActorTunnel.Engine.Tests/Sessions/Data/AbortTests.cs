using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>ABOR by the client overtakes the transfer, and no reply is taken for another's afterwards (RFC 959, section 4.1.3).</summary>
public class AbortTests
{
    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task B10_ABOR_answered_twice_gives_both_replies_and_the_next_command_its_own(string transfer)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync(transfer);

        await ftp.Client.SendAsync("ABOR");
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Server.SayAsync("226 abort successful");

        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.Client.ExpectAsync("226 abort successful");
        await data.ExpectResetAsync();
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task B10_ABOR_answered_once_does_not_hold_up_the_next_command(string transfer)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, data) = await ftp.BeginAsync(transfer);

        await ftp.Client.SendAsync("ABOR");
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");

        await ftp.Client.ExpectAsync("426 aborted");
        await data.ExpectResetAsync();
        await ftp.ExchangeAsync("PWD", "257 \"/\"");
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B10_the_clients_ABOR_is_answered_although_the_servers_one_reply_was_for_ours(bool isEarly)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, data) = await ftp.BeginAsync("STOR file");
        data.Reset();
        await ftp.Server.ExpectAsync("ABOR");
        if (isEarly)
        {
            await ftp.Client.SendAsync("ABOR");
            await ftp.ExchangeStatAsync();
        }

        await ftp.Server.SayAsync("226 closed");
        await ftp.Client.ExpectAsync(426);
        if (!isEarly)
            await ftp.Client.SendAsync("ABOR");

        await ftp.Client.ExpectAsync(226);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task An_upload_whose_client_aborts_and_closes_is_broken_even_if_the_server_says_226()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync("abc"u8.ToArray());
        await far.ReadAsync(3);
        await ftp.Client.SendAsync("ABOR");
        await ftp.Server.ExpectAsync("ABOR");
        data.Finish();

        // vsftpd does not look at its control connection before the data connection is closed.
        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(2));

        await ftp.Client.ExpectAsync(426);
        await ftp.Client.ExpectAsync(421);
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task ABOR_in_one_segment_with_its_transfer_command_follows_it_at_once(string transfer)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);

        await ftp.Client.SendAsync($"{transfer}\r\nABOR\r\nNOOP");

        await ftp.Server.ExpectAsync(transfer);
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("150 here it comes\r\n426 aborted\r\n226 abort successful");
        await ftp.Client.ExpectAsync("150 here it comes");
        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.Client.ExpectAsync("226 abort successful");
        await data.ExpectResetAsync();
        await ftp.Server.ExpectAsync("NOOP");
    }

    [Theory]
    [InlineData("225 nothing to abort")]
    [InlineData("226 nothing to abort")]
    [InlineData("500 what?")]
    public async Task ABOR_while_nothing_is_transferred_has_its_one_reply(string reply)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("ABOR", reply);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task An_ABOR_before_the_transfer_is_not_about_it()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        await ftp.ExchangeAsync("ABOR", "225 nothing to abort");
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.ExchangeAsync("STOR file", "150 go on");

        await data.SendAsync("abc"u8.ToArray());
        data.Finish();

        var (bytes, isWhole) = await far.ReadToEndAsync();
        Assert.Equal("abc"u8.ToArray(), bytes);
        Assert.True(isWhole);
        await ftp.Server.SayAsync("226 done");
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task A_download_that_was_complete_when_ABOR_came_is_whole()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Client.SendAsync("ABOR");
        await ftp.Server.ExpectAsync("ABOR");

        await ftp.Server.SayAsync("226 done");
        await ftp.Server.SayAsync("225 nothing to abort");

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        await ftp.Client.ExpectAsync("225 nothing to abort");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_client_that_resets_its_data_connection_and_aborts_hears_no_success()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        data.Reset();
        await far.ReadToEndAsync();
        await ftp.Client.SendAsync("ABOR");
        await ftp.Server.ExpectAsync("ABOR");

        await ftp.Server.SayAsync("226 done");
        await ftp.Server.SayAsync("226 aborted");

        await ftp.Client.ExpectAsync(426);
        await ftp.Client.ExpectAsync("226 aborted");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B9_ABOR_with_Telnet_IP_and_urgent_Synch_is_recognised_and_no_byte_is_lost()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, data) = await ftp.BeginAsync("RETR file");

        // RFC 959, section 4.1.3 and RFC 854: IAC IP, IAC DM with DM as urgent data.
        await ftp.Client.SendRawAsync(new byte[] { 255, 244 });
        ftp.Client.Socket.Send([255, 242], System.Net.Sockets.SocketFlags.OutOfBand);
        await ftp.Client.SendAsync("ABOR");

        await ftp.Server.ExpectAsync("\u00ff\u00f4\u00ff\u00f2ABOR");
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Server.SayAsync("226 abort successful");
        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.Client.ExpectAsync("226 abort successful");
        await data.ExpectResetAsync();
    }
}
