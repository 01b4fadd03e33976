using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>The SSH connection is lost, the engine stops, an actor fails: clients hear so, and never see a clean end.</summary>
public class LossTests
{
    [Fact]
    public async Task E6_SSH_lost_while_idle_is_421_with_what_was_noticed()
    {
        await using var ftp = await FtpScenario.StartAsync();

        ftp.Transport.Lose();

        await ftp.Client.ExpectAsync("421 The SSH connection was lost; log in again to go on: Connection reset by peer. [s1]");
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task E5_SSH_lost_in_a_transfer_is_a_reset_and_426_and_then_421(string transfer)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync(transfer);
        if (transfer.StartsWith("RETR", StringComparison.Ordinal))
            await far.SendAsync("abc"u8.ToArray());

        ftp.Transport.Lose();

        await data.ExpectResetAsync();
        await ftp.Client.ExpectAsync("426 Transfer aborted: the SSH connection was lost [s1]");
        await ftp.Client.ExpectAsync("421 The SSH connection was lost; log in again to go on: Connection reset by peer. [s1]");
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task SSH_lost_before_the_client_connects_is_421()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.PassiveAsync();

        ftp.Transport.Lose();

        await ftp.Client.ExpectAsync(421);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task An_FTP_server_that_cannot_be_reached_is_421_with_the_reason()
    {
        await using var ftp = await FtpScenario.WithoutServerAsync();

        Assert.Contains("Connection refused", await ftp.Client.ExpectAsync(421), StringComparison.Ordinal);

        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task Stopping_when_idle_lets_a_transfer_finish()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        var ended = ftp.Sessions.Ask<SessionsEnded>(EndWhenIdle.Instance, CancellationToken.None);
        await ftp.ExchangeStatAsync();

        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        await ftp.Client.ExpectAsync(421);
        await ended.Soon();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task Stopping_now_breaks_an_upload_and_then_ends_the_session()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR file");
        var ended = ftp.Sessions.Ask<SessionsEnded>(new EndNow(Failure.Shutdown), CancellationToken.None);

        await data.ExpectResetAsync();
        await ftp.Server.ExpectAsync("ABOR");
        Assert.True(far.Channel.IsOpen);
        await ftp.Server.SayAsync("426 aborted");

        await ftp.Client.ExpectAsync("426 aborted");
        await ftp.Client.ExpectAsync(421);
        await ended.Soon();
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task Stopping_an_idle_session_says_421()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var ended = ftp.Sessions.Ask<SessionsEnded>(EndWhenIdle.Instance, CancellationToken.None);

        await ftp.Client.ExpectAsync(421);
        await ended.Soon();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_farewell_is_waited_for_5_seconds()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var flood = FloodAsync(ftp);
        await ftp.WaitUntilServerIsHeldBackAsync();
        ftp.Transport.Lose();
        var ended = ftp.Sessions.Ask<SessionsEnded>(new EndNow(Failure.Shutdown), CancellationToken.None);

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(5));

        await ended.Soon();
        await ftp.ExpectNothingLeftAsync();
        await Assert.ThrowsAsync<IOException>(() => flood);
    }

    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task A_system_that_terminates_in_a_transfer_resets_the_client_and_ends_control_before_data(string transfer)
    {
        var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync(transfer);
        var controlWasOpen = far.Channel.Ended.ContinueWith(
            _ => ftp.Server.Channel.IsOpen, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        await ftp.TerminateAsync();

        await data.ExpectResetAsync();
        if (transfer.StartsWith("STOR", StringComparison.Ordinal))
            Assert.False(await controlWasOpen.Soon());
        Assert.False(far.Channel.EofSent);
        await ftp.DisposeAsync();
    }

    private static async Task FloodAsync(FtpScenario ftp)
    {
        while (true)
            await ftp.Server.SayAsync(new string('x', 1000));
    }
}
