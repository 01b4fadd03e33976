using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary><c>-R tcp/</c>: bytes from a client at the SSH server to a server here.</summary>
public class RemotePlainTests
{
    [Fact]
    public async Task Half_close_is_kept_in_both_directions()
    {
        await using var forward = await RemoteScenario.ListenAsync(ForwardKind.Tcp);
        var connecting = forward.Transport.ConnectAsync(forward.Port);
        var server = await forward.AcceptAsync();
        var client = (await connecting.Soon())!;

        await client.SendAsync("question"u8.ToArray());
        client.Finish();
        Assert.Equal("question"u8.ToArray(), await server.ReadToFinAsync());
        await server.SendAsync("answer"u8.ToArray());
        server.Finish();

        var (bytes, isWhole) = await client.ReadToEndAsync();
        Assert.Equal("answer"u8.ToArray(), bytes);
        Assert.True(isWhole);
        await forward.UntilNoSessionAsync();
    }

    [Fact]
    public async Task A_server_that_resets_gives_the_client_no_end_of_file()
    {
        await using var forward = await RemoteScenario.ListenAsync(ForwardKind.Tcp);
        var connecting = forward.Transport.ConnectAsync(forward.Port);
        var server = await forward.AcceptAsync();
        var client = (await connecting.Soon())!;

        server.Reset();

        Assert.False((await client.ReadToEndAsync()).IsWhole);
    }

    [Fact]
    public async Task A_client_that_is_cut_off_is_a_reset_at_the_server()
    {
        await using var forward = await RemoteScenario.ListenAsync(ForwardKind.Tcp);
        var connecting = forward.Transport.ConnectAsync(forward.Port);
        var server = await forward.AcceptAsync();
        (await connecting.Soon())!.Break();

        await server.ExpectResetAsync();
    }

    [Fact]
    public async Task A_target_that_takes_no_connection_is_a_refused_channel()
    {
        await using var forward = await RemoteScenario.ListenAsync(ForwardKind.Tcp);
        forward.CloseServer();

        Assert.Null(await forward.Transport.ConnectAsync(forward.Port).Soon());

        await forward.UntilNoSessionAsync();
    }
}
