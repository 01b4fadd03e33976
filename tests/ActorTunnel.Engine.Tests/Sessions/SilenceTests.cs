using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>Nobody is waited for without end: not an SSH server that does not answer, nor an FTP server that does not greet.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan _answer = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task E4_a_data_channel_without_an_answer_within_30_s_is_425_and_a_late_one_is_closed()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var opening = new TaskCompletionSource();
        var (far, data) = await BeginUnansweredAsync(ftp, opening, "RETR file");

        await ftp.Time.ElapseAsync(_answer);
        await data.ExpectResetAsync();
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("425 no data connection");

        await ftp.Client.ExpectAsync(
            "425 Cannot open a data connection: no answer within 30 s for ftp.internal port 3000: the host is down, or a firewall drops what"
            + " is sent to it. [s1]");
        opening.SetResult();
        var late = await (await far).Channel.Ended.Soon();
        Assert.Equal(Ssh.ChannelEnd.Aborted, late);
        await ftp.Server.SayAsync("226 ABOR done");
        await ftp.AnswerSeparationAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task E4_a_late_data_channel_of_an_upload_stays_open_until_the_server_knows_that_there_is_no_file()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var opening = new TaskCompletionSource();
        var (coming, data) = await BeginUnansweredAsync(ftp, opening, "STOR file");
        await ftp.Time.ElapseAsync(_answer);
        await data.ExpectResetAsync();
        await ftp.Server.ExpectAsync("ABOR");

        opening.SetResult();
        var far = await coming;
        Assert.True(far.Channel.IsOpen);
        await ftp.Server.SayAsync("426 aborted");

        Assert.Contains("no answer within 30 s", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        Assert.False((await far.ReadToEndAsync()).IsWhole);
    }

    [Fact]
    public async Task E4_a_listener_that_SSH_does_not_make_within_30_s_is_425()
    {
        await using var ftp = await FtpScenario.StartAsync(options: new() { DataMode = ServerDataMode.Active });
        var listening = new TaskCompletionSource();
        ftp.Transport.Listening = listening.Task;
        await ftp.Client.SendAsync("PORT 127,0,0,1,200,10");

        await ftp.Time.ElapseAsync(_answer);

        await ftp.Client.ExpectAsync(
            "425 Cannot open a data connection: no answer within 30 s from the SSH server, which was asked to listen: use PASV. [s1]");
        listening.SetResult();
        await ftp.ExpectToWorkAsync();
        Assert.Empty(ftp.Transport.Listeners);
    }

    [Fact]
    public async Task C8_the_channel_is_opened_when_the_227_passes_and_not_only_when_the_client_connects()
    {
        await using var ftp = await FtpScenario.StartAsync();

        var (far, endPoint) = await ftp.PassiveAsync();

        Assert.True(far.Channel.IsOpen); // A server that waits for a short time only has its connection.
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.ExchangeAsync("RETR file", "150 here it comes");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task E1_a_control_channel_without_an_answer_within_30_s_is_421()
    {
        var opening = new TaskCompletionSource();
        await using var ftp = await FtpScenario.WithoutServerAsync(opening: opening.Task);

        await ftp.Time.ElapseAsync(_answer);

        await ftp.Client.ExpectAsync(
            "421 Cannot reach the FTP server: no answer within 30 s for ftp.internal port 21: the host is down, or a firewall drops what is"
            + " sent to it. [s1]");
        Assert.Equal(Failure.Timeout, (await ftp.Audit.OneSessionAsync()).Outcome);
        opening.SetResult();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_service_that_does_not_greet_within_a_minute_is_no_FTP_server_and_the_client_is_told_so()
    {
        await using var ftp = await FtpScenario.ConnectAsync();

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(60));

        await ftp.Client.ExpectAsync(
            "421 No FTP server greets on ftp.internal port 21, which has said nothing for 60 s. Another service is forwarded with tcp/, not"
            + " ftp/. [s1]");
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_server_that_has_begun_to_greet_may_take_its_time()
    {
        await using var ftp = await FtpScenario.ConnectAsync();
        await ftp.Server.SayAsync("120 ready in some minutes");
        await ftp.Client.ExpectAsync("120 ready in some minutes");

        ftp.Time.Advance(TimeSpan.FromMinutes(5));
        await ftp.Server.SayAsync("220 ready");

        await ftp.Client.ExpectAsync("220 ready");
        await ftp.ExpectToWorkAsync();
    }

    /// <summary>The client has connected and its transfer has begun, and the SSH server has not said whether it can connect.</summary>
    private static async Task<(Task<FarEnd> Far, DataSocket Data)> BeginUnansweredAsync(
        FtpScenario ftp, TaskCompletionSource opening, string command)
    {
        ftp.Transport.Opening = opening.Task;
        var far = ftp.Transport.Serve(FtpScenario.Host, 3000).ReadAsync().Soon();
        await ftp.Client.SendAsync("EPSV");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 Extended Passive Mode (|||3000|)");
        var port = int.Parse((await ftp.Client.ExpectAsync(229)).Split('|')[3], System.Globalization.CultureInfo.InvariantCulture);
        var data = await DataSocket.ConnectAsync(new(System.Net.IPAddress.Loopback, port));
        await ftp.ExchangeAsync(command, "150 waiting");
        return (far, data);
    }
}
