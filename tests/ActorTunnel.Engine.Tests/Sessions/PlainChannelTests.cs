using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

public class PlainChannelTests
{
    [Fact]
    public async Task Each_direction_ends_by_itself()
    {
        var (scenario, client, server) = await FtpScenario.StartPlainAsync();
        await using var _ = scenario;
        await client.SendAsync("question"u8.ToArray());
        client.Finish();
        Assert.Equal("question"u8.ToArray(), (await server.ReadToEndAsync()).Bytes);
        Assert.True(server.Channel.EofSent);

        await server.SendAsync("answer"u8.ToArray());
        server.Close();

        Assert.Equal("answer"u8.ToArray(), await client.ReadToFinAsync());
        await scenario.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task The_server_may_finish_first()
    {
        var (scenario, client, server) = await FtpScenario.StartPlainAsync();
        await using var _ = scenario;
        server.Finish();
        Assert.Empty(await client.ReadToFinAsync());

        await client.SendAsync("late"u8.ToArray());
        client.Finish();

        Assert.Equal("late"u8.ToArray(), (await server.ReadToEndAsync()).Bytes);
        await scenario.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_has_closed_for_good_ends_the_session(bool clientSpeaksLater)
    {
        var (scenario, client, server) = await FtpScenario.StartPlainAsync();
        await using var _ = scenario;
        await server.SendAsync("answer"u8.ToArray());

        server.Close();

        Assert.Equal("answer"u8.ToArray(), await client.ReadToFinAsync());
        if (clientSpeaksLater)
            await client.SendAsync("late"u8.ToArray());
        client.Dispose();
        await scenario.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_broken_channel_is_a_reset()
    {
        var (scenario, client, server) = await FtpScenario.StartPlainAsync();
        await using var _ = scenario;

        server.Break();

        await client.ExpectResetAsync();
        await scenario.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_lost_SSH_connection_is_a_reset()
    {
        var (scenario, client, _) = await FtpScenario.StartPlainAsync();
        await using var disposed = scenario;

        scenario.Transport.Lose();

        await client.ExpectResetAsync();
        await scenario.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_reset_by_the_client_closes_the_channel_without_an_end_of_file()
    {
        var (scenario, client, server) = await FtpScenario.StartPlainAsync();
        await using var _ = scenario;
        await client.SendAsync("abc"u8.ToArray());
        await server.ReadAsync(3);

        client.Reset();

        Assert.False((await server.ReadToEndAsync()).IsWhole);
        await scenario.ExpectNothingLeftAsync();
    }
}
