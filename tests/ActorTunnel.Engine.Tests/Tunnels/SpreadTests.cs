using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>Data channels over several connections.</summary>
public sealed class SpreadTests : IAsyncLifetime, IDisposable
{
    private static readonly IPEndPoint _peer = new(IPAddress.Parse("192.0.2.1"), 22);
    private static readonly TunnelProfile _profile = FtpScenario.Profile with { Pool = new() { ConnectionsPerIdentity = 2 } };

    private static readonly TunnelProfile _kept =
        FtpScenario.Profile with { Pool = new() { ConnectionsPerIdentity = 2, IdleTimeout = Timeout.InfiniteTimeSpan } };

    private readonly TunnelsScenario _tunnels = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tunnels.DisposeAsync().AsTask();

    public void Dispose() => _tunnels.Log.Dispose();

    [Fact]
    public async Task Data_goes_over_the_least_used_connection_and_another_is_made_to_the_same_address_without_waiting_for_it()
    {
        var control = await ConnectAsync(_peer);

        Assert.Same(control, await DataAsync(control));
        var dial = await _tunnels.Dialer.NextDialAsync();
        Assert.Equal(_peer, dial.Context.Peer);
        Assert.Same(control, await DataAsync(control));
        var extra = dial.Succeed(_peer);
        await LoggedAsync("Connected", 2);

        Assert.Same(extra, await DataAsync(control));
        Assert.Same(extra, await DataAsync(control));
        Assert.Same(control, await DataAsync(control)); // two on each
        Assert.Equal(2, _tunnels.Dialer.Count);
    }

    [Fact]
    public async Task A_data_channel_in_use_keeps_its_connection_and_leaves_it_idle_when_it_ends()
    {
        var idle = TimeSpan.FromSeconds(5);
        var control = await ConnectAsync(_peer);
        await DataAsync(control);
        var extra = (await _tunnels.Dialer.NextDialAsync()).Succeed(_peer);
        await LoggedAsync("Connected", 2);
        var data = Ask(control);
        Assert.Same(extra, (await data.ExpectAsync<TunnelReady>()).Transport);
        Assert.False(_tunnels.Time.IsDueIn(left => left == idle));

        await TunnelsScenario.EndAsync(data);
        await _tunnels.Time.ElapseAsync(idle);

        await extra.Closed.Soon();
        Assert.False(control.Closed.IsCompleted);
    }

    [Fact]
    public async Task Data_never_goes_to_another_address_of_the_same_name()
    {
        var control = await ConnectAsync(_peer);
        await DataAsync(control);
        (await _tunnels.Dialer.NextDialAsync()).Succeed(new IPEndPoint(IPAddress.Parse("192.0.2.99"), 22));
        await LoggedAsync("Connected", 2);

        Assert.Same(control, await DataAsync(control));
    }

    [Fact]
    public async Task Behind_a_jump_host_or_a_proxy_which_choose_the_address_data_stays_with_its_control_channel()
    {
        var control = await ConnectAsync(peer: null);

        Assert.Same(control, await DataAsync(control));
        Assert.Same(control, await DataAsync(control));

        Assert.Equal(1, _tunnels.Dialer.Count);
    }

    [Fact]
    public async Task When_the_control_channels_connection_is_lost_there_is_none_for_data()
    {
        var control = await ConnectAsync(_peer);
        control.Lose();

        Assert.Equal(Failure.ConnectionLost, (await Ask(control).ExpectAsync<TunnelFailed>()).Failure);
    }

    [Fact]
    public async Task Another_connection_that_cannot_be_made_disturbs_nobody()
    {
        var control = await ConnectAsync(_peer);
        await DataAsync(control);

        (await _tunnels.Dialer.NextDialAsync()).Fail(Failure.ConnectionRefused);
        await LoggedAsync("Cannot connect", 1);

        Assert.Same(control, await DataAsync(control));
    }

    [Fact]
    public async Task Of_connections_that_are_kept_one_stays_after_a_peak()
    {
        var user = _tunnels.Use(_kept, channels: 2);
        var control = (await _tunnels.Dialer.NextDialAsync()).Succeed(_peer);
        await user.ExpectAsync<TunnelReady>();
        await Ask(control, _kept).ExpectAsync<TunnelReady>();
        var extra = (await _tunnels.Dialer.NextDialAsync()).Succeed(_peer);
        await LoggedAsync("Connected", 2);
        var data = Ask(control, _kept);
        Assert.Same(extra, (await data.ExpectAsync<TunnelReady>()).Transport);

        await TunnelsScenario.EndAsync(user);
        await TunnelsScenario.EndAsync(data);
        await _tunnels.AskAsync(_kept); // passes through the pool after it has heard of both
        await _tunnels.Time.ElapseAsync(TimeSpan.FromSeconds(5));

        await Task.WhenAny(control.Closed, extra.Closed).Soon();
        Assert.IsType<TunnelReady>(await _tunnels.AskAsync(_kept));
        Assert.False(_tunnels.Time.IsDueIn(left => left <= TimeSpan.FromSeconds(5)));
        Assert.NotEqual(control.Closed.IsCompleted, extra.Closed.IsCompleted);
        Assert.Equal(2, _tunnels.Dialer.Count);
    }

    [Fact]
    public async Task A_kept_connection_is_made_anew_also_when_it_was_lost_while_another_was_being_made_in_vain()
    {
        var user = _tunnels.Use(_kept, channels: 2);
        var control = (await _tunnels.Dialer.NextDialAsync()).Succeed(_peer);
        await user.ExpectAsync<TunnelReady>();
        await Ask(control, _kept).ExpectAsync<TunnelReady>();
        var extra = await _tunnels.Dialer.NextDialAsync();
        control.Lose();
        await LoggedAsync("Lost", 1);

        extra.Fail(Failure.ConnectionRefused);

        await _tunnels.Time.ElapseAsync(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));
        Assert.Null((await _tunnels.Dialer.NextDialAsync()).Context.Peer);
    }

    private async Task<MemoryTransport> ConnectAsync(IPEndPoint? peer)
    {
        var user = _tunnels.Use(_profile, channels: 2);
        var transport = (await _tunnels.Dialer.NextDialAsync()).Succeed(peer);
        await user.ExpectAsync<TunnelReady>();
        return transport;
    }

    private async Task<ISshTransport> DataAsync(ISshTransport control) => (await Ask(control).ExpectAsync<TunnelReady>()).Transport;

    private Probe Ask(ISshTransport control, TunnelProfile? profile = null)
    {
        var data = new Probe(_tunnels.System);
        _tunnels.Tunnels.Tell(new GetDataTunnel(profile ?? _profile, control), data.Ref);
        return data;
    }

    private Task LoggedAsync(string text, int times) =>
        Patience.UntilAsync(() => _tunnels.Log.Lines.Count(line => line.StartsWith(text, StringComparison.Ordinal)) == times, text);
}
