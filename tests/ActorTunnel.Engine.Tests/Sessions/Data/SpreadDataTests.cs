using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>Data over another SSH connection than the control channel's.</summary>
public sealed class SpreadDataTests
{
    [Fact]
    public async Task Passive_data_goes_over_the_other_connection()
    {
        await using var ftp = await FtpScenario.StartAsync(spreads: true);
        var (far, data) = await ftp.BeginAsync("RETR file");
        Assert.Single(ftp.DataTransport.OpenChannels);

        await far.SendAsync("whole file"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");

        Assert.Equal("whole file"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task C14_active_data_stays_on_the_control_channels_connection()
    {
        await using var ftp = await FtpScenario.StartAsync(host: "localhost", spreads: true);

        await ftp.Client.SendAsync("PORT 127,0,0,1,200,1");
        Assert.StartsWith("PORT 127,0,0,1,", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);

        Assert.Single(ftp.Transport.Listeners);
        Assert.Empty(ftp.DataTransport.Listeners);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_other_connection_opens_no_channel_the_control_channels_own_does(bool isLost)
    {
        await using var ftp = await FtpScenario.StartAsync(spreads: true);
        if (isLost)
            ftp.DataTransport.Lose();
        ftp.DataTransport.Refusal = new(ChannelOpenFailure.ResourceShortage, "The peer refused to open a channel.", "");
        var target = ftp.Transport.Serve(FtpScenario.Host, 3001);

        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("227 Entering Passive Mode (10,0,0,9,11,185).");
        await ftp.Client.ExpectAsync(227);

        await target.ReadAsync().Soon();
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task When_the_other_connection_is_lost_the_transfer_is_426_and_the_session_lives_on(string transfer)
    {
        await using var ftp = await FtpScenario.StartAsync(spreads: true);
        var (_, data) = await ftp.BeginAsync(transfer);

        ftp.DataTransport.Lose();

        await data.ExpectResetAsync();
        if (transfer.StartsWith("STOR", StringComparison.Ordinal))
        {
            await ftp.Server.ExpectAsync("ABOR");
            await ftp.Server.SayAsync("226 stored what came");
            await ftp.Client.ExpectAsync(426);
            await ftp.Server.SayAsync("225 nothing to abort");
            await ftp.AnswerSeparationAsync();
        }
        else
        {
            await ftp.Server.SayAsync("226 done");
            await ftp.Client.ExpectAsync(426);
        }

        await ftp.ExpectToWorkAsync();
    }
}
