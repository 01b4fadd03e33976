using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>Applications name SSH servers, as many as they like: what is kept of each has an end.</summary>
public sealed class ManyServersTests : IAsyncLifetime, IDisposable
{
    private readonly TunnelsScenario _tunnels = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tunnels.DisposeAsync().AsTask();

    public void Dispose() => _tunnels.Log.Dispose();

    [Fact]
    public async Task Beyond_the_bound_the_server_that_was_empty_first_is_let_go()
    {
        var first = await FailAsync("first", Failure.HostNotFound);
        for (var n = 1; n < TunnelsActor.MaxServers; n++)
            await FailAsync($"host{n}", Failure.HostNotFound);
        Assert.Equal(first, await FailAsync("first", Failure.HostNotFound));

        await FailAsync("one-too-many", Failure.HostNotFound); // "host1" has been empty for the longest time now.
        await FailAsync("another", Failure.HostNotFound);

        Assert.Equal(first, await FailAsync("first", Failure.HostNotFound));
        Assert.Equal($"host1:22-{TunnelsActor.MaxServers + 3}", await FailAsync("host1", Failure.HostNotFound));
    }

    [Fact]
    public async Task A_server_that_has_refused_logins_is_not_forgotten_before_they_are()
    {
        await FailAsync("refuses", Failure.Authentication);
        await FillAsync("a");
        Assert.Equal(Failure.Authentication, Assert.IsType<TunnelFailed>(await _tunnels.AskAsync(At("refuses"))).Failure);

        await _tunnels.Time.ElapseAsync(new AdmissionOptions().RefusedCredentialTime);
        await FillAsync("b");

        Assert.NotEqual("refuses:22-1", await FailAsync("refuses", Failure.HostNotFound));
    }

    [Fact]
    public async Task A_server_in_use_is_not_let_go()
    {
        var (_, transport) = await _tunnels.ConnectAsync(At("used"));
        await FillAsync("a");
        Assert.Same(transport, Assert.IsType<TunnelReady>(await _tunnels.AskAsync(At("used"))).Transport);
    }

    private static TunnelProfile At(string host) => FtpScenario.Profile with { Host = host };

    private async Task FillAsync(string name)
    {
        for (var n = 0; n <= TunnelsActor.MaxServers; n++)
            await FailAsync($"{name}{n}", Failure.HostNotFound);
    }

    /// <returns>The name of the server's actor.</returns>
    private async Task<string> FailAsync(string host, Failure failure)
    {
        var answer = _tunnels.AskAsync(At(host));
        var dial = await _tunnels.Dialer.NextDialAsync();
        dial.Fail(failure);
        Assert.Equal(failure, Assert.IsType<TunnelFailed>(await answer).Failure);
        return $"{dial.Context.Tunnels.Path}".Split('/')[^3];
    }
}
