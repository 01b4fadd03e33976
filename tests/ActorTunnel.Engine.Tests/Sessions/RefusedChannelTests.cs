using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>What an FTP client hears when the SSH server opens no channel (RFC 4254, section 5.1).</summary>
public sealed class RefusedChannelTests
{
    [Theory]
    [InlineData(ChannelOpenFailure.AdministrativelyProhibited, "open failed", "AllowTcpForwarding and PermitOpen")]
    [InlineData(ChannelOpenFailure.UnknownChannelType, "", "AllowTcpForwarding and PermitOpen")]
    [InlineData(ChannelOpenFailure.ConnectFailed, "Unknown name", "cannot connect to ftp.internal port 21: Unknown name.")]
    [InlineData(ChannelOpenFailure.ResourceShortage, "", "no more channels on the SSH connection.")]
    [InlineData((ChannelOpenFailure)77, "something new", "something new")]
    internal async Task A_control_channel_is_421_with_what_can_be_done(ChannelOpenFailure reason, string description, string text)
    {
        await using var ftp = await FtpScenario.WithoutServerAsync(Refusal(reason, description));

        Assert.Contains(text, await ftp.Client.ExpectAsync(421), StringComparison.Ordinal);
        // A client may show its user less: curl makes a time-out of every 421.
        var warning = Assert.Single(ftp.Log.Warnings, line => line.StartsWith("s1 ended: ", StringComparison.Ordinal));
        Assert.Matches(@" \[127\.0\.0\.1:\d+ to ftp\.internal:21 through [^ ]+@[^ ]+:\d+\]", warning);
    }

    [Fact]
    public async Task A_shortage_is_told_as_too_many_connections()
    {
        await using var ftp = await FtpScenario.WithoutServerAsync(Refusal(ChannelOpenFailure.ResourceShortage, "out of descriptors"));

        Assert.Contains("Too many connections", await ftp.Client.ExpectAsync(421), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChannelOpenFailure.AdministrativelyProhibited, "open failed", "AllowTcpForwarding and PermitOpen")]
    [InlineData(ChannelOpenFailure.ConnectFailed, "Connection refused", "cannot connect to ftp.internal port 3001: Connection refused.")]
    [InlineData(ChannelOpenFailure.ResourceShortage, "", "no more channels")]
    internal async Task A_data_channel_is_425_with_the_reason_and_the_session_lives_on(
        ChannelOpenFailure reason, string description, string text)
    {
        await using var ftp = await FtpScenario.StartAsync();
        ftp.Transport.Refusal = Refusal(reason, description);

        var reply = await AskForDataAsync(ftp, "227 Entering Passive Mode (10,0,0,9,11,185).");

        Assert.Contains(text, reply, StringComparison.Ordinal);
        await ftp.ExpectToWorkAsync();
        var warning = Assert.Single(ftp.Log.Warnings, line => line.StartsWith("s1 data-1 broken: ", StringComparison.Ordinal));
        Assert.Matches(@" \[127\.0\.0\.1:\d+ to ftp\.internal:21 through [^ ]+@[^ ]+:\d+\]", warning);
    }

    [Fact]
    public async Task When_the_227_named_an_address_the_425_says_how_to_connect_there()
    {
        await using var ftp = await FtpScenario.StartAsync();

        var reply = await AskForDataAsync(ftp, "227 Entering Passive Mode (10,0,0,9,11,185).");

        Assert.Contains("The FTP server announced 10.0.0.9: PassiveAddress=reply connects there", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_data_went_to_the_announced_address_the_425_says_how_to_connect_elsewhere()
    {
        await using var ftp = await FtpScenario.StartAsync(options: new FtpOptions { PassiveAddress = PassiveAddress.Reply });

        var reply = await AskForDataAsync(ftp, "227 Entering Passive Mode (10,0,0,9,11,185).");

        Assert.Contains("cannot connect to 10.0.0.9 port 3001", reply, StringComparison.Ordinal);
        Assert.Contains("PassiveAddress=control-host connects to ftp.internal", reply, StringComparison.Ordinal);
    }

    private static ChannelOpenException Refusal(ChannelOpenFailure reason, string description) =>
        new(reason, $"The peer refused to open a channel: {description}.", description);

    /// <summary>The refusal may come before the client has read the 227 or after it.</summary>
    private static async Task<string> AskForDataAsync(FtpScenario ftp, string passive)
    {
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync(passive);
        var reply = await ftp.Client.ReadLineAsync();
        Assert.NotNull(reply);
        if (reply.StartsWith("425", StringComparison.Ordinal))
            return reply;
        await Patience.UntilAsync(() => ftp.Log.Lines.Any(line => line.Contains(" broken: ", StringComparison.Ordinal)), "the refusal");
        await ftp.ExpectToWorkAsync(); // a round trip: the session has heard of it
        await ftp.Client.SendAsync("LIST");
        return await ftp.Client.ExpectAsync(425);
    }
}
