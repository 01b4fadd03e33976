using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>AUTH TLS that may pass: what follows the server's 234 is nobody's business.</summary>
public class UnreadTests
{
    private static readonly FtpOptions _transparent = new() { AuthTls = AuthTls.Transparent };

    // It looks like commands, and like nothing that a line could be made of.
    private static readonly byte[] _secret = [0x16, 3, 1, 0, .. "\r\nPASV\r\nQUIT\r\n"u8, 0xFF, 0xFA, 0, .. new byte[100_000]];

    [Fact]
    public async Task C18_what_follows_the_agreement_is_carried_both_ways_as_it_is()
    {
        await using var ftp = await StartAsync();

        await ftp.Client.SendRawAsync(_secret);
        Assert.Equal(_secret, await ftp.Server.ReadAsync(_secret.Length));
        var received = Task.Run(() => ftp.Client.ReadRawAsync(_secret.Length));
        await ftp.Server.SendAsync(_secret);
        Assert.Equal(_secret, await received);

        await EndAsync(ftp);
    }

    [Fact]
    public async Task C19_of_what_TLS_agrees_on_not_a_byte_is_touched_also_when_it_was_read_ahead()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _transparent);
        await ftp.Client.SendRawAsync(Encoding.Latin1.GetBytes("AUTH TLS\r\n\u0016\u0003PASV\r\nhello"));
        await ftp.Server.ExpectAsync("AUTH TLS");

        await ftp.Server.SendAsync(Encoding.Latin1.GetBytes("234 go on\r\n\u0016welcome"));

        await ftp.Client.ExpectAsync("234 go on");
        Assert.Equal("\u0016\u0003PASV\r\nhello"u8.ToArray(), await ftp.Server.ReadAsync(13));
        Assert.Equal("\u0016welcome"u8.ToArray(), await ftp.Client.ReadRawAsync(8));
        await EndAsync(ftp);
    }

    [Theory]
    [InlineData("502 not implemented")]
    [InlineData("334 more")]
    public async Task Without_the_agreement_commands_stay_commands(string reply)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _transparent);
        await ftp.Client.SendAsync("AUTH TLS");
        await ftp.Server.ExpectAsync("AUTH TLS");
        await ftp.Server.SayAsync(reply);
        await ftp.Client.ExpectAsync(reply);

        var (_, endPoint) = await ftp.PassiveAsync();

        Assert.NotEqual(0, endPoint.Port);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_client_whose_AUTH_is_denied_is_listened_to_again()
    {
        await using var ftp = await FtpScenario.StartAsync(options: new()
        {
            AuthTls = AuthTls.Transparent, Restrictions = new() { DeniedCommands = new HashSet<string> { "AUTH" } },
        });

        await ftp.Client.SendAsync("AUTH TLS");
        await ftp.Client.ExpectAsync(502);

        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C18_AUTH_is_refused_unless_the_rule_lets_it_pass()
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.Client.SendAsync("AUTH TLS");

        await ftp.Client.ExpectAsync(534);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task Each_side_may_end_first_and_the_other_is_heard_out()
    {
        await using var ftp = await StartAsync();
        ftp.Server.Finish();
        Assert.Empty(await ftp.Client.ReadRawAsync(1));

        await ftp.Client.SendRawAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await ftp.Server.ReadAsync(4));
        ftp.Client.Finish();

        Assert.True((await ftp.Server.ReadToEndAsync()).IsWhole);
        await ftp.ExpectNothingLeftAsync();
        Assert.Contains(ftp.Log.Lines, line => line.StartsWith("s1 ended: ok", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_side_that_does_not_end_is_ended_after_a_minute()
    {
        await using var ftp = await StartAsync();
        ftp.Client.Finish();
        Assert.True((await ftp.Server.ReadToEndAsync()).IsWhole);

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(60));

        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_side_that_breaks_ends_the_session(bool isClient)
    {
        await using var ftp = await StartAsync();

        if (isClient)
            ftp.Client.Reset();
        else
            ftp.Server.Break();

        await ftp.ExpectNothingLeftAsync();
        Assert.Contains(ftp.Log.Lines, line => line.StartsWith("s1 ended: peer-reset", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_stops_says_nothing_into_it_and_ends_it_when_the_grace_is_over()
    {
        await using var ftp = await StartAsync();
        ftp.Sessions.Tell(EndWhenIdle.Instance, ActorRefs.NoSender);
        await ftp.Client.SendRawAsync("more"u8.ToArray());
        Assert.Equal("more"u8.ToArray(), await ftp.Server.ReadAsync(4));

        ftp.Sessions.Tell(new EndNow(Failure.Shutdown), ActorRefs.NoSender);

        Assert.Empty(await ftp.Client.ReadRawAsync(1));
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_data_channel_that_was_set_up_before_is_closed()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _transparent);
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);

        await ftp.ExchangeAsync("AUTH TLS", "234 go on");

        await data.ExpectResetAsync();
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await EndAsync(ftp);
    }

    private static async Task<FtpScenario> StartAsync()
    {
        var ftp = await FtpScenario.StartAsync(options: _transparent);
        await ftp.ExchangeAsync("AUTH TLS", "234 go on");
        return ftp;
    }

    private static async Task EndAsync(FtpScenario ftp)
    {
        ftp.Client.Finish();
        ftp.Server.Close();
        await ftp.ExpectNothingLeftAsync();
    }
}
