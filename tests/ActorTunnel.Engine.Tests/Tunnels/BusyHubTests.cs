using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>500 sessions of one identity, each with data under way, over four connections: who uses what, and what is left after.</summary>
public sealed class BusyHubTests : IAsyncLifetime, IDisposable
{
    private const int Sessions = 500;
    private const int Connections = 4;

    private static readonly IPEndPoint _peer = new(IPAddress.Parse("192.0.2.1"), 22);
    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(5);
    private static readonly TunnelProfile _profile = FtpScenario.Profile with
    {
        Pool = new() { ConnectionsPerIdentity = Connections, MaxChannelsPerConnection = 2000 },
        KeepAliveInterval = TimeSpan.Zero,
    };

    private readonly TunnelsScenario _tunnels = new();
    private readonly List<MemoryTransport> _transports = [];
    private readonly List<Use> _uses = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tunnels.DisposeAsync().AsTask();

    public void Dispose() => _tunnels.Log.Dispose();

    [Fact]
    public async Task Data_is_spread_evenly_and_when_all_have_gone_nothing_is_left()
    {
        await StartAsync();

        var loads = _transports.Select(transport => _uses.Where(use => use.Transport == transport).Sum(use => use.Channels)).ToArray();
        Assert.InRange(loads.Max() - loads.Min(), 0, 3);

        foreach (var use in _uses)
            await TunnelsScenario.EndAsync(use.User);
        await _tunnels.AskAsync(_profile); // passes through the pool after it has heard of the end of all
        await _tunnels.Time.ElapseAsync(_idle);

        foreach (var transport in _transports)
            Assert.Equal(SshFailure.ClosedLocally, (await transport.Closed.Soon()).Failure);
        Assert.False(_tunnels.Time.IsDueIn(_ => true));
        await _tunnels.ConnectAsync(_profile); // Nothing counts as used that is not: the next one is dialled.
        Assert.Equal(Connections + 1, _tunnels.Dialer.Count);
    }

    [Fact]
    public async Task When_one_connection_is_lost_the_uses_of_the_others_stay_as_they_are()
    {
        await StartAsync();
        var lost = _transports[^1];

        lost.Lose();
        await Patience.UntilAsync(() => _tunnels.Log.Lines.Any(line => line.StartsWith("Lost", StringComparison.Ordinal)), "the loss");
        foreach (var use in _uses.Where(use => use.Transport == lost))
            await TunnelsScenario.EndAsync(use.User);
        await _tunnels.AskAsync(_profile);

        Assert.False(_tunnels.Time.IsDueIn(_ => true));
        Assert.All(_transports.SkipLast(1), transport => Assert.False(transport.Closed.IsCompleted));
    }

    /// <summary>The connections are made for the data of the first session.</summary>
    private async Task StartAsync()
    {
        var first = await BeginSessionAsync();
        while (_transports.Count < Connections)
        {
            await BeginDataAsync(first);
            if (_tunnels.Dialer.Count > _transports.Count)
                await ConnectedAsync();
        }

        for (var i = 1; i < Sessions; i++)
            await BeginDataAsync(await BeginSessionAsync());
    }

    private async Task<ISshTransport> BeginSessionAsync()
    {
        var user = _tunnels.Use(_profile, channels: 2);
        if (_transports.Count == 0)
            await ConnectedAsync();
        var control = (await user.ExpectAsync<TunnelReady>()).Transport;
        _uses.Add(new Use(user, control, 2));
        return control;
    }

    private async Task BeginDataAsync(ISshTransport control)
    {
        var user = new Probe(_tunnels.System);
        _tunnels.Tunnels.Tell(new GetDataTunnel(_profile, control), user.Ref);
        var data = (await user.ExpectAsync<TunnelReady>()).Transport;
        _uses.Add(new Use(user, data, data == control ? 0 : 1));
    }

    private async Task ConnectedAsync()
    {
        _transports.Add((await _tunnels.Dialer.NextDialAsync()).Succeed(_peer));
        await Patience.UntilAsync(
            () => _tunnels.Log.Lines.Count(line => line.StartsWith("Connected", StringComparison.Ordinal)) == _transports.Count,
            "the connection");
    }

    /// <param name="User">A session, or its data channel.</param>
    /// <param name="Transport">What it was given.</param>
    /// <param name="Channels">As the pool counts: a session has room for its data on its own connection from the start.</param>
    private sealed record Use(Probe User, ISshTransport Transport, int Channels);
}
