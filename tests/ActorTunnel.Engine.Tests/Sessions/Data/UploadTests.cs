using System.Security.Cryptography;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>
/// The client's FIN is the end of the file only while its control connection lives or has said QUIT. SSH cannot carry a reset, so a
/// broken upload keeps the channel open until the server has heard that it is broken.
/// </summary>
public class UploadTests
{
    private static readonly TimeSpan _brokenUploadPatience = TimeSpan.FromSeconds(330);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task C20_FIN_becomes_the_end_of_file_and_226_follows(int size)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        var file = RandomNumberGenerator.GetBytes(size);

        var sending = SendAsync(data, file);
        var (bytes, isWhole) = await far.ReadToEndAsync();
        await sending.Soon();

        Assert.Equal(file, bytes);
        Assert.True(isWhole);
        Assert.True(far.Channel.IsOpen); // Half-closed: the server has not closed its side.
        far.Close();
        await ftp.Server.SayAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");
        Assert.Empty(await data.ReadToFinAsync());
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C6_bytes_and_FIN_sent_before_STOR_are_the_file()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await SendAsync(data, "abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), await far.ReadAsync(3));
        Assert.False(far.Channel.EofSent);

        await ftp.Client.SendAsync("STOR file");
        await ftp.Server.ExpectAsync("STOR file");
        await ftp.Server.SayAsync("150 go on");

        await far.ReadToEndAsync();
        Assert.True(far.Channel.EofSent);
        await ftp.Client.ExpectAsync("150 go on");
        await ftp.Server.SayAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");
    }

    [Fact]
    public async Task A_server_that_closed_its_data_connection_before_STOR_does_not_make_the_upload_whole()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await data.SendAsync("a"u8.ToArray());
        await far.ReadAsync(1);
        far.Finish();
        await ftp.ExchangeAsync("STOR file", "150 go on");

        await ftp.Server.SayAsync("226 stored"); // Before the client has ended the file.

        await ftp.Client.ExpectAsync(426);
        await data.ExpectResetAsync();
    }

    [Fact]
    public async Task C3_a_226_before_the_client_has_finished_becomes_426()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync("abc"u8.ToArray());
        await far.ReadAsync(3);

        await ftp.Server.SayAsync("226 stored");

        await ftp.Client.ExpectAsync(426);
        await data.ExpectResetAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C5_a_server_that_refuses_in_the_middle_resets_the_client_and_its_reply_goes_on()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync("abc"u8.ToArray());
        await far.ReadAsync(3);

        far.Close();
        await ftp.Server.SayAsync("552 disk full");

        await ftp.Client.ExpectAsync("552 disk full");
        await data.ExpectResetAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B12_when_the_control_connection_is_gone_a_FIN_is_not_the_end_of_file(bool controlFirst)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync("abc"u8.ToArray());
        await far.ReadAsync(3);

        // A killed process: both connections end, in whatever order the engine reads that.
        if (controlFirst)
            ftp.Client.Close();
        else
            ftp.Client.Reset();
        data.Finish();

        await ftp.Server.ExpectAsync("ABOR");
        Assert.True(far.Channel.IsOpen);
        Assert.False(far.Channel.EofSent);
        await ftp.Server.SayAsync("426 aborted");
        var (_, isWhole) = await far.ReadToEndAsync();
        Assert.False(isWhole);
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData(1000, 100)]
    [InlineData(60_000, 250)]
    public async Task A_control_connection_that_ends_a_moment_after_the_data_of_a_long_upload_is_not_too_late(int upload, int moment)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        ftp.Time.Advance(TimeSpan.FromMilliseconds(upload));

        data.Finish();
        await Patience.UntilAsync(() => ftp.Time.IsDueIn(left => left == TimeSpan.FromMilliseconds(moment)), "a second look");
        ftp.Client.Reset();

        await ftp.Server.ExpectAsync("ABOR");
        Assert.False(far.Channel.EofSent);
        await ftp.Server.SayAsync("426 aborted");
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_data_connection_that_ends_just_after_its_control_connection_is_no_end_of_file()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync(new byte[600_000]); // More than the channel takes: the FIN stands behind it.
        ftp.Client.Finish();
        data.Finish();

        await ftp.Server.ExpectAsync("ABOR");
        Assert.False(far.Channel.EofSent);
        await ftp.Server.SayAsync("426 aborted");

        var (_, isWhole) = await far.ReadToEndAsync();
        Assert.False(isWhole);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task C1_a_broken_upload_whose_server_does_not_answer_loses_its_control_channel_before_its_data_channel()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, _) = await ftp.BeginAsync("STOR file");
        ftp.Client.Close();
        await ftp.Server.ExpectAsync("ABOR");

        await Patience.UntilAsync(() => ftp.Time.IsDueIn(left => left == _brokenUploadPatience), "the patience has begun");
        ftp.Time.Advance(_brokenUploadPatience - TimeSpan.FromSeconds(1));
        Assert.True(far.Channel.IsOpen);
        Assert.True(ftp.Server.Channel.IsOpen);
        var controlWasOpen = far.Channel.Ended.ContinueWith(
            _ => ftp.Server.Channel.IsOpen, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(1));

        Assert.False(await controlWasOpen.Soon());
        Assert.False(far.Channel.EofSent);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task F3_a_reset_data_connection_aborts_the_upload_and_the_client_hears_426_whatever_the_server_says()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync("abc"u8.ToArray());
        await far.ReadAsync(3);

        data.Reset();

        await ftp.Server.ExpectAsync("ABOR");
        Assert.True(far.Channel.IsOpen);
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.SayAsync("226 nothing to abort");
        await ftp.Client.ExpectAsync(426);
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.AnswerSeparationAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task An_upload_that_breaks_before_its_channel_is_open_keeps_the_channel_until_the_server_has_answered()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var opening = new TaskCompletionSource();
        ftp.Transport.Opening = opening.Task;
        var target = ftp.Transport.Serve(FtpScenario.Host, 3100);
        await ftp.Client.SendAsync("EPSV");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 Extended Passive (|||3100|)");
        await ftp.Client.ExpectAsync(229);
        await ftp.ExchangeAsync("STOR file", "150 go on");

        ftp.Client.Reset();
        await ftp.Server.ExpectAsync("ABOR");
        opening.SetResult();

        var far = await target.ReadAsync().Soon();
        Assert.True(far.Channel.IsOpen, "The server would store an empty file.");
        await ftp.Server.SayAsync("426 aborted");
        await Patience.UntilAsync(() => !far.Channel.IsOpen, "the channel closed");
        Assert.False(far.Channel.EofSent);
    }

    [Fact]
    public async Task An_ABOR_of_ours_that_the_server_does_not_answer_does_not_shift_the_replies()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, data) = await ftp.BeginAsync("STOR file");

        data.Reset();

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.AnswerSeparationAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C4_a_client_that_never_connects_breaks_the_upload()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, _) = await ftp.PassiveAsync();
        await ftp.ExchangeAsync("STOR file", "150 go on");

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(60));

        await ftp.Server.ExpectAsync("ABOR");
        Assert.True(far.Channel.IsOpen);
        await ftp.Server.SayAsync("226 stored");
        await ftp.Client.ExpectAsync(425);
        Assert.False((await far.ReadToEndAsync()).IsWhole);
    }

    [Fact]
    public async Task F8_a_QUIT_on_the_heels_of_STOR_waits_for_the_whole_file()
    {
        // Cisco IOS and other firmware: all at once, and then they wait for the sockets to close.
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.Client.SendAsync("STOR file\r\nQUIT");
        ftp.Client.Finish();
        var file = RandomNumberGenerator.GetBytes(1_000_000);
        var sending = SendAsync(data, file);

        await ftp.Server.ExpectAsync("STOR file");
        await ftp.Server.SayAsync("150 go on");
        var (bytes, isWhole) = await far.ReadToEndAsync();
        await sending.Soon();
        Assert.Equal(file, bytes);
        Assert.True(isWhole);
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.ExpectAsync("QUIT");
        await ftp.Server.SayAsync("221 bye");
        ftp.Server.Close();

        await ftp.Client.ExpectAsync("150 go on");
        await ftp.Client.ExpectAsync("226 stored");
        await ftp.Client.ExpectAsync("221 bye");
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B11_a_client_that_is_gone_after_STOR_and_QUIT_has_its_file_stored_and_leaves_nothing_behind()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.Client.SendAsync("STOR file\r\nQUIT");
        await SendAsync(data, "abc"u8.ToArray());
        ftp.Client.Close(); // Our replies are answered by resets.
        data.Dispose();

        await ftp.Server.ExpectAsync("STOR file");
        await ftp.Server.SayAsync("150-many");
        await ftp.Server.SayAsync("150 words");
        var (bytes, isWhole) = await far.ReadToEndAsync();
        Assert.Equal("abc"u8.ToArray(), bytes);
        Assert.True(isWhole);
        await ftp.Server.SayAsync("150 more");
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.ExpectAsync("QUIT");
        await ftp.Server.SayAsync("221 bye");
        ftp.Server.Close();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task C7_an_empty_upload_is_whole()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR empty");

        data.Finish();

        var (bytes, isWhole) = await far.ReadToEndAsync();
        Assert.Empty(bytes);
        Assert.True(isWhole);
        await ftp.Server.SayAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");
        await ftp.ExpectToWorkAsync();
    }

    private static async Task SendAsync(DataSocket data, byte[] file)
    {
        await data.SendAsync(file);
        data.Finish();
    }
}
