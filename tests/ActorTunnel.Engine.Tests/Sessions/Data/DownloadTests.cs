using System.Net.Sockets;
using System.Security.Cryptography;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>A download ends with FIN only when the server has said that the file is whole (RFC 959, section 3.4.1).</summary>
public class DownloadTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task C2_FIN_follows_all_bytes_and_226_follows_FIN(int size)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        var file = RandomNumberGenerator.GetBytes(size);

        var sending = SendAsync(ftp, far, file);
        Assert.Equal(file, await data.ReadToFinAsync());
        await sending.Soon();

        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C2_the_server_sees_our_end_at_once_but_the_client_sees_no_FIN_before_226()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync("abc"u8.ToArray());
        far.Finish();

        // ProFTPD says 226 only when the peer has closed as well.
        await far.ReadToEndAsync();
        Assert.True(far.Channel.EofSent);
        Assert.Equal("abc"u8.ToArray(), await data.ReadAsync(3));
        var end = data.ReadToFinAsync();
        await ftp.ExchangeStatAsync();
        Assert.False(end.IsCompleted);

        await ftp.Server.SayAsync("226 done");
        Assert.Empty(await end);
        await ftp.Client.ExpectAsync("226 done");
    }

    [Theory]
    [InlineData("426 connection closed")]
    [InlineData("451 disk error")]
    [InlineData("550 gone")]
    public async Task C1_a_failure_is_a_reset_and_the_reply_goes_on_as_it_is(string reply)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync("abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), await data.ReadAsync(3));
        far.Close();

        await ftp.Server.SayAsync(reply);

        await data.ExpectResetAsync();
        await ftp.Client.ExpectAsync(reply);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B4_a_421_is_a_reset_and_the_end()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        far.Close();

        await ftp.Server.SayAsync("421 shutting down");

        await ftp.Client.ExpectAsync("421 shutting down");
        await data.ExpectResetAsync();
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_server_that_leaves_is_a_reset_and_421()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        far.Close();

        ftp.Server.Close();

        await ftp.Client.ExpectAsync(421);
        await data.ExpectResetAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task C2_silence_for_60_s_after_the_last_byte_is_a_reset()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        far.Close();

        await ftp.Time.ElapseAsync(_patience);
        await data.ExpectResetAsync();

        await ftp.Server.SayAsync("226 late");
        await ftp.Client.ExpectAsync(426);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_server_that_never_says_how_it_ended_ends_the_session()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        far.Close();

        await ftp.Time.ElapseAsync(_patience);
        await data.ExpectResetAsync();
        await ftp.Time.ElapseAsync(_patience);

        await ftp.Client.ExpectAsync("426 Transfer aborted: the server did not say in time how the transfer ended [s1]");
        await ftp.Client.ExpectAsync(421);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task C2_a_226_that_overtakes_the_data_waits_for_it()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync("ab"u8.ToArray());
        await ftp.Server.SayAsync("226 done");
        Assert.Equal("ab"u8.ToArray(), await data.ReadAsync(2));

        await far.SendAsync("c"u8.ToArray());
        far.Close();

        Assert.Equal("c"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C2_a_226_without_the_end_of_the_data_is_no_success()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await ftp.Server.SayAsync("226 done");

        await ftp.Time.ElapseAsync(_patience);

        await data.ExpectResetAsync();
        await ftp.Client.ExpectAsync(426);
        await ftp.ExpectToWorkAsync();
        Assert.False(far.Channel.IsOpen);
    }

    [Fact]
    public async Task C1_a_channel_that_closes_without_its_end_of_file_is_a_reset_even_after_226()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync("abc"u8.ToArray());
        far.Break();
        await ftp.Server.SayAsync("226 done");

        await data.ExpectResetAsync();
        await ftp.Client.ExpectAsync(426);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C6_a_client_that_connects_after_226_gets_the_whole_file()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        await ftp.ExchangeAsync("RETR file", "150 here it comes");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");

        using var data = await DataSocket.ConnectAsync(endPoint);

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C4_a_client_that_never_connects_hears_425_instead_of_226()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, _) = await ftp.PassiveAsync();
        await ftp.ExchangeAsync("RETR file", "150 here it comes");
        far.Close();
        await Patience.UntilAsync(() => ftp.Time.IsDueIn(left => left == _patience), "the transfer has begun");
        ftp.Time.Advance(TimeSpan.FromSeconds(1));
        await ftp.Server.SayAsync("226 done");

        await ftp.Time.ElapseAsync(_patience);

        await ftp.Client.ExpectAsync(425);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_226_whose_data_stalls_is_not_waited_for_for_ever()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        await ftp.ExchangeAsync("RETR file", "150 here it comes");
        await Patience.UntilAsync(() => ftp.Time.IsDueIn(left => left == _patience), "the transfer has begun");
        ftp.Time.Advance(TimeSpan.FromSeconds(1));
        await ftp.Server.SayAsync("226 done");
        await Patience.UntilAsync(() => ftp.Time.IsDueIn(left => left == _patience), "the reply has come");

        using var data = await DataSocket.ConnectAsync(endPoint);
        await data.SendAsync("x"u8.ToArray());
        await far.ReadAsync(1); // The relay runs.
        await ftp.Time.ElapseAsync(_patience);

        await data.ExpectResetAsync();
        await ftp.Client.ExpectAsync("426 Transfer aborted: not all data reached the client in time [s1]");
        Assert.False(far.Channel.IsOpen);
    }

    [Fact]
    public async Task C21_a_slow_client_is_waited_for_as_long_as_it_reads()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        var file = RandomNumberGenerator.GetBytes(40_000_000);
        var sending = SendAsync(ftp, far, file);
        Assert.Equal(file[..1000], await data.ReadAsync(1000));

        // More than sockets and window hold: the server has not even said 226.
        Assert.False(sending.IsCompleted);
        Assert.Equal(file[1000..], await data.ReadToFinAsync());
        await sending.Soon();
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task A_client_that_closes_when_it_has_counted_enough_bytes_hears_226()
    {
        // curl does, when it knows the size.
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync("abc"u8.ToArray());
        far.Finish();
        Assert.Equal("abc"u8.ToArray(), await data.ReadAsync(3));
        data.Dispose();

        await ftp.Server.SayAsync("226 done");

        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C3_a_success_whose_bytes_the_client_did_not_take_becomes_426()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        data.Reset();
        await far.ReadToEndAsync();
        Assert.False(far.Channel.IsOpen);

        await ftp.Server.SayAsync("226 done");

        await ftp.Client.ExpectAsync(426);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C20_a_client_that_half_closes_its_data_connection_still_gets_the_file()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        data.Finish();
        await far.ReadToEndAsync();
        Assert.True(far.Channel.EofSent);

        await SendAsync(ftp, far, "abc"u8.ToArray());

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task A_refused_RETR_closes_the_data_connection_and_the_session_goes_on()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);

        await ftp.ExchangeAsync("RETR file", "550 no such file");

        await data.ExpectResetAsync();
        await far.ReadToEndAsync();
        Assert.False(far.Channel.IsOpen);
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("RETR empty", true)]
    [InlineData("RETR empty", false)]
    [InlineData("LIST", true)]
    [InlineData("NLST", false)]
    [InlineData("MLSD", false)]
    public async Task C7_an_empty_file_or_listing_is_whole_whether_its_end_or_its_reply_comes_first(string command, bool endFirst)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync(command);

        if (endFirst)
            far.Close();
        await ftp.Server.SayAsync("226 nothing to send");
        if (!endFirst)
            far.Close();

        Assert.Empty(await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 nothing to send");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C4_the_server_s_own_425_goes_on_and_closes_the_listener()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        await ftp.ExchangeAsync("RETR file", "150 here it comes");

        await ftp.Server.SayAsync("425 no data connection");

        await ftp.Client.ExpectAsync("425 no data connection");
        await Patience.UntilAsync(() => !far.Channel.IsOpen, "the channel closed");
        await Assert.ThrowsAsync<SocketException>(() => DataSocket.ConnectAsync(endPoint));
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData(false, "425 Cannot open a data connection: no data connection was made in time [s1]")]
    [InlineData(true, "426 Transfer aborted: the client's data connection was lost [s1]")]
    public async Task C5_425_is_a_data_connection_never_made_and_426_one_that_broke(bool isMade, string reply)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = isMade ? await DataSocket.ConnectAsync(endPoint) : null;
        await ftp.ExchangeAsync("RETR file", "150 here it comes");
        if (data is not null)
        {
            await far.SendAsync("abc"u8.ToArray());
            Assert.Equal("abc"u8.ToArray(), await data.ReadAsync(3));
            data.Reset();
        }
        else
        {
            await ftp.Time.ElapseAsync(_patience);
        }

        await Patience.UntilAsync(() => !far.Channel.IsOpen, "the channel closed");
        await ftp.Server.SayAsync("226 done");

        await ftp.Client.ExpectAsync(reply);
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("REST 100", "350 from there", "RETR file")]
    [InlineData("REST 100", "350 from there", "STOR file")]
    [InlineData("NOOP", "200 ok", "APPE file")]
    [InlineData("NOOP", "200 ok", "STOU")]
    public async Task C10_REST_APPE_and_STOU_go_through_as_they_are(string before, string answer, string command)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync(before, answer);
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.ExchangeAsync(command, "150 FILE: file.1");

        if (command.StartsWith("RETR", StringComparison.Ordinal))
        {
            await far.SendAsync("abc"u8.ToArray());
            far.Close();
            await ftp.Server.SayAsync("226 done");
            Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        }
        else
        {
            await data.SendAsync("abc"u8.ToArray());
            data.Finish();
            Assert.Equal("abc"u8.ToArray(), (await far.ReadToEndAsync()).Bytes);
            Assert.True(far.Channel.EofSent);
            await ftp.Server.SayAsync("226 done");
        }

        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    private static async Task SendAsync(FtpScenario ftp, FarEnd far, byte[] file)
    {
        await far.SendAsync(file);
        far.Close();
        await ftp.Server.SayAsync("226 done");
    }
}
