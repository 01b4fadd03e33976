using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

public class ControlChannelTests
{
    [Fact]
    public async Task Commands_before_the_greeting_wait_for_it()
    {
        await using var ftp = await FtpScenario.ConnectAsync();
        await ftp.Client.SendAsync("AUTH TLS\r\nUSER alice");

        await ftp.Server.SayAsync("220-two");
        await ftp.Server.SayAsync("220 lines");

        await ftp.Client.ExpectAsync("220-two");
        await ftp.Client.ExpectAsync("220 lines");
        await ftp.Client.ExpectAsync(534);
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Server.SayAsync("331 password");
        await ftp.Client.ExpectAsync("331 password");
    }

    [Theory]
    [InlineData("AUTH TLS", 534)]
    [InlineData("auth ssl", 534)]
    [InlineData("LPSV", 502)]
    [InlineData("SPSV", 502)]
    [InlineData("PORT 127,0,0,2,200,0", 501)]
    [InlineData("PORT 127,0,0,1,3,255", 501)]
    [InlineData("PORT 127,0,0,1", 501)]
    [InlineData("EPRT |1|10.0.0.1|5000|", 501)]
    [InlineData("EPRT |1|127.0.0.1|1023|", 501)]
    [InlineData("EPRT |2|::1|5000|", 501)]
    [InlineData("EPRT |3|x|5000|", 522)]
    [InlineData("RETR file", 425)]
    [InlineData("STOR file", 425)]
    [InlineData("LIST", 425)]
    public async Task What_the_server_must_not_hear_is_answered_here(string command, int code)
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.Client.SendAsync(command);

        await ftp.Client.ExpectAsync(code);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B20_commands_split_byte_by_byte_and_replies_split_byte_by_byte_arrive_whole()
    {
        await using var ftp = await FtpScenario.StartAsync();
        foreach (var letter in "CWD a  b \r\n"u8.ToArray())
            await ftp.Client.SendRawAsync(new[] { letter });
        await ftp.Server.ExpectAsync("CWD a  b ");

        foreach (var letter in "250-one\r\n two\r\n250 three\r\n"u8.ToArray())
            await ftp.Server.SendAsync(new[] { letter });

        await ftp.Client.ExpectAsync("250-one");
        await ftp.Client.ExpectAsync(" two");
        await ftp.Client.ExpectAsync("250 three");
    }

    [Fact]
    public async Task B7_bytes_of_a_file_name_and_bare_line_ends_go_on_as_they_came()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendRawAsync(new byte[] { (byte)'D', (byte)'E', (byte)'L', (byte)'E', 32, 0xE4, 0xFF, 13, 0, (byte)'x', 10 });

        Assert.Equal("DELE \u00e4\u00ff\r\0x", await ftp.Server.ReadLineAsync());
        await ftp.Server.SendAsync("250 gone\n"u8.ToArray());
        await ftp.Client.ExpectAsync("250 gone");
    }

    [Fact]
    public async Task B5_many_commands_in_one_segment_are_answered_in_order()
    {
        await using var ftp = await FtpScenario.StartAsync();
        const int count = 200; // More than the queue holds.
        var commands = Enumerable.Range(0, count).Select(i => i % 3 == 0 ? "AUTH TLS" : $"NOOP {i}").ToArray();
        await ftp.Client.SendAsync(string.Join("\r\n", commands));

        foreach (var command in commands)
        {
            if (command != "AUTH TLS")
            {
                await ftp.Server.ExpectAsync(command);
                await ftp.Server.SayAsync($"200 {command}");
                await ftp.Client.ExpectAsync($"200 {command}");
            }
            else
            {
                await ftp.Client.ExpectAsync(534);
            }
        }
    }

    [Fact]
    public async Task B5_a_full_queue_survives_an_ABOR_of_ours()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, data) = await ftp.BeginAsync("STOR file");
        await ftp.Client.SendAsync(string.Join("\r\n", Enumerable.Repeat("NOOP", CommandQueue.MaxQueued - 2)));
        await Patience.UntilAsync(() => CommandsRead(ftp) == CommandQueue.MaxQueued - 2, "one place left, and a read under way");

        data.Reset();
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Client.SendAsync("NOOP");
        await Patience.UntilAsync(() => CommandsRead(ftp) == CommandQueue.MaxQueued - 1, "the last one");
        await ftp.Server.SayAsync("426 aborted");

        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.AnswerSeparationAsync();
        for (var i = 0; i < CommandQueue.MaxQueued - 1; i++)
        {
            await ftp.Server.ExpectAsync("NOOP");
            await ftp.Server.SayAsync("200 yes");
            await ftp.Client.ExpectAsync("200 yes");
        }
    }

    [Fact]
    public async Task B20_a_command_cut_off_by_the_end_of_the_connection_is_not_acted_upon()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendRawAsync("DELE fi"u8.ToArray());
        ftp.Client.Finish();

        Assert.Null(await ftp.Server.ReadLineAsync());
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_client_that_never_reads_stops_the_server_and_its_own_commands()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var flood = Task.Run(async () =>
        {
            while (true)
                await ftp.Server.SayAsync(new string('x', 1000));
        });

        await ftp.WaitUntilServerIsHeldBackAsync();

        Assert.True(ftp.Server.Channel.Owed <= 64 * 1024);
        ftp.Client.Close();
        await ftp.ExpectNothingLeftAsync();
        await Assert.ThrowsAsync<IOException>(() => flood);
    }

    [Fact]
    public async Task A_client_that_dies_while_a_reply_is_stuck_in_its_socket_leaves_nothing_behind()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, _) = await ftp.BeginAsync("STOR file");
        var stop = false;
        var flood = Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
                await ftp.Server.SayAsync(new string('x', 1000));
        });
        await ftp.WaitUntilServerIsHeldBackAsync();
        Volatile.Write(ref stop, true);
        ftp.Client.Reset();

        await ftp.Server.ExpectAsync("ABOR");
        await flood.Soon();
        await ftp.Server.SayAsync("426 aborted");

        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task QUIT_ends_the_session_when_the_server_closes()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("QUIT", "221 bye");

        ftp.Server.Close();

        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task QUIT_ends_the_session_when_the_client_closes_first()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("QUIT", "221 bye");

        ftp.Client.Close();

        Assert.Null(await ftp.Server.ReadLineAsync());
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_client_that_has_closed_behind_its_QUIT_does_not_wait_for_the_server_to_close()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("QUIT");
        ftp.Client.Finish();
        await ftp.Server.ExpectAsync("QUIT");

        await ftp.Server.SayAsync("221 bye");

        await ftp.Client.ExpectAsync("221 bye");
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_server_that_leaves_while_idle_is_421()
    {
        await using var ftp = await FtpScenario.StartAsync();

        ftp.Server.Close();

        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task Passwords_do_not_reach_the_log()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("USER alice", "331 password for alice");
        await ftp.ExchangeAsync("PASS s3cret", "230 in");

        Assert.DoesNotContain(ftp.Log.Lines, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task B3_unasked_replies_go_on_and_shift_nothing()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Server.SayAsync("550 extra");
        await ftp.Client.ExpectAsync("550 extra");

        await ftp.ExpectToWorkAsync();
    }

    private static int CommandsRead(FtpScenario ftp) =>
        ftp.Log.Lines.Count(line => line.Contains("command Noop", StringComparison.Ordinal));
}
