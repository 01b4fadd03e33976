using System.Text;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>Lines that are too long, of either side.</summary>
public sealed class LongLineTests
{
    private static readonly string _long = new('x', ControlLineReader.MaxLineLength);

    [Fact]
    public async Task B8_a_command_that_is_too_long_is_refused_in_its_turn_and_the_session_goes_on()
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.Client.SendAsync($"NOOP 1\r\nRETR {_long}\r\nNOOP 2");

        await ftp.Server.ExpectAsync("NOOP 1");
        await ftp.Server.SayAsync("200 one");
        await ftp.Client.ExpectAsync("200 one");
        await ftp.Client.ExpectAsync(500);
        await ftp.Server.ExpectAsync("NOOP 2");
    }

    [Theory]
    [InlineData(512)]
    [InlineData(65536)]
    public async Task B8_the_longest_command_is_what_the_forward_says(int maxLength)
    {
        await using var ftp = await FtpScenario.StartAsync(options: new() { Restrictions = new() { MaxLineLength = maxLength } });
        var longest = $"CWD {new string('x', maxLength - 6)}";

        await ftp.ExchangeAsync(longest, "250 there");
        await ftp.Client.SendAsync($"{longest}x");

        await ftp.Client.ExpectAsync(500);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B8_a_command_line_without_end_ends_the_session()
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.Client.SendRawAsync(new byte[CommandAssembler.MaxReadAway + ControlLineReader.MaxLineLength]);

        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task B8_a_long_reply_passes_in_parts_and_is_the_reply_to_its_command()
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.ExchangeAsync("SITE x", $"200 {_long}{_long}{_long}");
        await ftp.ExchangeAsync("STAT", $"211 {_long}");

        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task B8_a_reply_line_without_end_passes_as_far_as_it_comes()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("NOOP");
        await ftp.Server.ExpectAsync("NOOP");

        await ftp.Server.SendAsync(Encoding.ASCII.GetBytes($"200 {_long}"));

        Assert.Equal($"200 {_long}"[.._long.Length], Encoding.ASCII.GetString(await ftp.Client.ReadRawAsync(_long.Length)));
        ftp.Server.Close();
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData("PASV", "227 (10,0,0,9,11,184)")]
    [InlineData("EPSV", "229 (|||3000|)")]
    public async Task B8_an_endpoint_in_a_reply_that_is_too_long_is_refused_and_not_told(string command, string endPoint)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync(command);
        await ftp.Server.ExpectAsync(command);

        await ftp.Server.SayAsync($"{endPoint}{_long}{endPoint}");

        await ftp.Client.ExpectAsync(425);
        await ftp.ExpectToWorkAsync();
    }
}
