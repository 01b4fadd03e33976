using System.Net.Sockets;
using System.Text;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>Telnet on control connections: RFC 959, section 4.1.3; RFC 1123, section 4.1.2.12.</summary>
public sealed class ControlTelnetTests
{
    private const string InterruptProcess = "\u00ff\u00f4";
    private const string DataMark = "\u00ff\u00f2";

    [Theory]
    [InlineData("ABOR")]
    [InlineData("STAT")]
    public async Task B9_IP_and_DM_before_a_command_are_passed_on_with_it_however_they_come(string command)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.BeginAsync("RETR file");
        foreach (var letter in Encoding.Latin1.GetBytes($"{InterruptProcess}{DataMark}{command}\r\n"))
            await ftp.Client.SendRawAsync(new[] { letter });

        await ftp.Server.ExpectAsync($"{InterruptProcess}{DataMark}{command}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task B9_ABOR_of_which_everything_is_urgent_loses_nothing(bool withTelnet)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, data) = await ftp.BeginAsync("RETR file");
        var abort = $"{(withTelnet ? InterruptProcess + DataMark : "")}ABOR";

        ftp.Client.Socket.Send(Encoding.Latin1.GetBytes($"{abort}\r\n"), SocketFlags.OutOfBand);

        await ftp.Server.ExpectAsync(abort);
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Server.SayAsync("226 abort successful");
        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.Client.ExpectAsync("226 abort successful");
        await data.ExpectResetAsync();
    }

    [Fact]
    public async Task B9_options_of_a_client_are_refused_and_not_passed_on()
    {
        await using var ftp = await FtpScenario.StartAsync();

        // WILL 1, DO 6, WONT 3, DONT 3, byte by byte and without a line.
        foreach (var letter in new byte[] { 255, 251, 1, 255, 253, 6, 255, 252, 3, 255, 254, 3 })
            await ftp.Client.SendRawAsync(new[] { letter });

        Assert.Equal(new byte[] { 255, 254, 1, 255, 252, 6 }, await ftp.Client.ReadRawAsync(6));
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B9_options_of_a_server_are_refused_and_its_greeting_is_seen_behind_them()
    {
        await using var ftp = await FtpScenario.ConnectAsync();
        await ftp.Server.SendAsync(new byte[] { 255, 251, 3, 255, 253 });
        await ftp.Server.SendAsync(new byte[] { 24 });
        await ftp.Server.SayAsync("220 ready");

        Assert.Equal(new byte[] { 255, 254, 3, 255, 252, 24 }, await ftp.Server.ReadAsync(6));
        await ftp.Client.ExpectAsync("220 ready");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B9_what_looks_like_Telnet_in_a_name_is_the_name()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("DELE \u00ff\u00fd\u0001 \u00ff\u00ff \u00ff\u00f4", "250-\u00ff\u00fb\u0001\r\n\u00ff\u00fb\u0001 file\r\n250 gone");
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("DE\u00ff\u00f1LE file")]
    [InlineData("\u00ff\u00ffPASV")]
    [InlineData("PAS\u00ff\u00fb\u0001V")]
    public async Task B9_a_verb_with_Telnet_in_it_never_reaches_a_server_that_would_read_another(string command)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync(command);
        await ftp.Client.ExpectAsync(500);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B9_a_client_that_asks_for_options_without_end_and_reads_nothing_is_held_back()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var asks = Enumerable.Repeat(new byte[] { 255, 253, 1 }, 10_000).SelectMany(ask => ask).ToArray();
        var flood = Task.Run(async () =>
        {
            while (true)
                await ftp.Client.SendRawAsync(asks);
        });

        await Patience.UntilAsync(() => ftp.Client.Socket.Poll(0, SelectMode.SelectWrite) is false, "the client held back");

        ftp.Client.Reset();
        await Assert.ThrowsAnyAsync<Exception>(() => flood.Soon());
        await ftp.ExpectNothingLeftAsync();
    }
}
