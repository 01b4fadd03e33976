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
        await Patience.UntilAsync(() => _tunnels.Log.Lines.Count(line => line.StartsWith("Connected", StringComparison.Ordinal)) == 2, "two");

        Assert.Same(extra, await DataAsync(control));
        Assert.Same(extra, await DataAsync(control));
        Assert.Same(control, await DataAsync(control)); // two on each
        Assert.Equal(2, _tunnels.Dialer.Count);
    }

    [Fact]
    public async Task A_data_channel_in_use_keeps_its_connection_and_leaves_it_idle_when_it_ends()
    {
        var control = await ConnectAsync(_peer);
        await DataAsync(control);
        var extra = (await _tunnels.Dialer.NextDialAsync()).Succeed(_peer);
        await _tunnels.Time.ElapseAsync(TimeSpan.FromSeconds(5)); // nobody has used it in time
        await extra.Closed.Soon();
        Assert.False(control.Closed.IsCompleted);
    }

    [Fact]
    public async Task Data_never_goes_to_another_address_of_the_same_name()
    {
        var control = await ConnectAsync(_peer);
        await DataAsync(control);
        (await _tunnels.Dialer.NextDialAsync()).Succeed(new IPEndPoint(IPAddress.Parse("192.0.2.99"), 22));
        await Patience.UntilAsync(() => _tunnels.Log.Lines.Count(line => line.StartsWith("Connected", StringComparison.Ordinal)) == 2, "two");

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
        var data = new Probe(_tunnels.System);

        _tunnels.Tunnels.Tell(new GetDataTunnel(_profile, control), data.Ref);

        Assert.Equal(Failure.ConnectionLost, (await data.ExpectAsync<TunnelFailed>()).Failure);
    }

    [Fact]
    public async Task Another_connection_that_cannot_be_made_disturbs_nobody()
    {
        var control = await ConnectAsync(_peer);
        await DataAsync(control);

        (await _tunnels.Dialer.NextDialAsync()).Fail(Failure.ConnectionRefused);
        await Patience.UntilAsync(() => _tunnels.Log.Lines.Any(line => line.StartsWith("Cannot connect", StringComparison.Ordinal)), "the failure");

        Assert.Same(control, await DataAsync(control));
    }

    private async Task<MemoryTransport> ConnectAsync(IPEndPoint? peer)
    {
        var user = _tunnels.Use(_profile, channels: 2);
        var transport = (await _tunnels.Dialer.NextDialAsync()).Succeed(peer);
        await user.ExpectAsync<TunnelReady>();
        return transport;
    }

    private async Task<ISshTransport> DataAsync(ISshTransport control)
    {
        var data = new Probe(_tunnels.System);
        _tunnels.Tunnels.Tell(new GetDataTunnel(_profile, control), data.Ref);
        return (await data.ExpectAsync<TunnelReady>()).Transport;
    }
}
