using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>Clients that do not wait for replies.</summary>
public sealed class PipeliningTests
{
    private static readonly string _more = string.Join("\r\n", Enumerable.Repeat("NOOP", CommandQueue.MaxQueued + 10));

    [Fact]
    public async Task B5_a_login_and_an_active_upload_in_one_segment_work_from_end_to_end()
    {
        await using var ftp = await FtpScenario.StartAsync(host: "localhost");
        using var listener = Listener();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;

        await ftp.Client.SendAsync(
            $"USER u\r\nPASS p\r\nTYPE I\r\nPORT 127,0,0,1,{port >> 8},{port & 255}\r\nSTOR config\r\nQUIT");

        await AnswerAsync(ftp, ("USER u", "331 password"), ("PASS p", "230 in"), ("TYPE I", "200 binary"));
        var there = (await ftp.Server.ReadLineAsync())!.Split(',');
        await ftp.Server.SayAsync("200 port noted");
        await ftp.Client.ExpectAsync("200 port noted");
        await AnswerAsync(ftp, ("STOR config", "150 go on"));
        var far = await ftp.Transport.ConnectAsync((int.Parse(there[4], null) << 8) + int.Parse(there[5], null));
        using var data = new DataSocket(await listener.AcceptAsync().Soon());
        await data.SendAsync("the configuration"u8.ToArray());
        data.Finish();

        var (bytes, isWhole) = await far!.ReadToEndAsync();
        Assert.Equal("the configuration"u8.ToArray(), bytes);
        Assert.True(isWhole);
        far.Close();
        await ftp.Server.SayAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");
        await AnswerAsync(ftp, ("QUIT", "221 bye"));
        ftp.Server.Close();
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B5_a_login_and_a_passive_upload_in_one_segment_work_from_end_to_end()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var target = ftp.Transport.Serve(FtpScenario.Host, 3000);

        await ftp.Client.SendAsync("USER u\r\nPASS p\r\nTYPE I\r\nEPSV\r\nSTOR config\r\nQUIT");

        await AnswerAsync(ftp, ("USER u", "331 password"), ("PASS p", "230 in"), ("TYPE I", "200 binary"));
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 passive (|||3000|)");
        var port = int.Parse((await ftp.Client.ExpectAsync(229)).Split('|')[3], null);
        await AnswerAsync(ftp, ("STOR config", "150 go on"));
        using var data = await DataSocket.ConnectAsync(new(IPAddress.Loopback, port));
        await data.SendAsync("the configuration"u8.ToArray());
        data.Finish();

        var far = await target.ReadAsync().Soon();
        var (bytes, isWhole) = await far.ReadToEndAsync();
        Assert.Equal("the configuration"u8.ToArray(), bytes);
        Assert.True(isWhole);
        await ftp.Server.SayAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");
        await AnswerAsync(ftp, ("QUIT", "221 bye"));
    }

    [Fact]
    public async Task B20_commands_are_the_same_in_whatever_segments_they_come()
    {
        await using var ftp = await FtpScenario.StartAsync();
        foreach (var segment in new[] { "NO", "OP 1\r", "\nNOOP 2\r\nNOOP 3", "\r\nNO", "OP 4\n" })
            await ftp.Client.SendRawAsync(Encoding.ASCII.GetBytes(segment));

        await AnswerAsync(ftp, ("NOOP 1", "200 1"), ("NOOP 2", "200 2"), ("NOOP 3", "200 3"), ("NOOP 4", "200 4"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task B5_a_client_that_leaves_behind_more_commands_than_are_taken_is_noticed(bool byReset)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync($"SITE slow\r\n{_more}");
        await ftp.Server.ExpectAsync("SITE slow");

        if (byReset)
            ftp.Client.Reset();
        else
            ftp.Client.Close();

        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B5_a_client_that_leaves_behind_more_commands_than_are_taken_breaks_its_upload()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, _) = await ftp.BeginAsync("STOR file");
        await ftp.Client.SendAsync(_more);

        ftp.Client.Close();

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B5_a_server_that_does_not_answer_a_client_that_has_said_QUIT_and_closed_does_not_keep_the_session()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("SITE slow\r\nQUIT");
        await ftp.Server.ExpectAsync("SITE slow");
        ftp.Client.Finish();

        await ftp.Time.ElapseAsync(TimeSpan.FromMinutes(5));

        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B5_a_client_that_has_said_QUIT_and_closed_its_side_is_served_to_the_end()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync($"SITE slow\r\n{_more}\r\nQUIT");
        ftp.Client.Finish();

        await AnswerAsync(ftp, ("SITE slow", "200 done"));
        foreach (var command in _more.Split("\r\n"))
            await AnswerAsync(ftp, (command, "200 yes"));
        await AnswerAsync(ftp, ("QUIT", "221 bye"));
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B5_what_a_client_sends_ahead_is_bounded()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("SITE slow");
        await ftp.Server.ExpectAsync("SITE slow");
        var flood = Task.Run(async () =>
        {
            var commands = new byte[64 * 1024];
            commands.AsSpan().Fill((byte)'\n');
            while (true)
                await ftp.Client.SendRawAsync(commands);
        });

        await Patience.UntilAsync(() => ftp.Client.Socket.Poll(0, SelectMode.SelectWrite) is false, "the client held back");

        ftp.Client.Reset();
        await Assert.ThrowsAnyAsync<Exception>(() => flood.Soon());
        ftp.Server.Close();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B5_a_client_that_leaves_while_AUTH_is_not_answered_is_noticed()
    {
        await using var ftp = await FtpScenario.StartAsync(options: new() { AuthTls = AuthTls.Transparent });
        await ftp.Client.SendAsync("AUTH TLS\r\n\u0016\u0003\u0001");
        await ftp.Server.ExpectAsync("AUTH TLS");
        ftp.Client.Close();
        await ftp.ExpectNothingLeftAsync();
    }

    private static async Task AnswerAsync(FtpScenario ftp, params (string Command, string Reply)[] dialogue)
    {
        foreach (var (command, reply) in dialogue)
        {
            await ftp.Server.ExpectAsync(command);
            await ftp.Server.SayAsync(reply);
            await ftp.Client.ExpectAsync(reply);
        }
    }

    private static Socket Listener()
    {
        var listener = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }
}
