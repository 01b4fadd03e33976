using System.Security.Cryptography;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>A pump with a rate, on a clock that the test moves: what has gone is exact, and what waits is bounded.</summary>
public sealed class PacedPumpTests : IAsyncLifetime
{
    private const int Rate = 100_000;
    private const int Burst = 10_000;
    private const int Step = 5_000;

    private static readonly ChannelWindow _window = new(64 * 1024, 64 * 1024);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(50);

    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly ManualTimeProvider _time = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate().Soon();

    [Fact]
    public async Task A_download_gets_the_burst_at_once_and_then_so_much_in_each_time()
    {
        await using var relay = await StartAsync();
        var sent = RandomNumberGenerator.GetBytes(60_000);
        await relay.Channel.Far.SendAsync(sent); // Nobody is held up: it fits into the window.
        relay.Channel.Far.Finish();

        var got = new MemoryStream();
        got.Write(await relay.Peer.ReadAsync(Burst));
        Assert.Equal((Burst, sent.Length - Burst), ((int)relay.Pump.BytesToSocket, relay.Channel.Owed));
        for (var gone = Burst; gone < sent.Length; gone += Step)
        {
            await _time.ElapseAsync(_step);
            got.Write(await relay.Peer.ReadAsync(Step));
            Assert.Equal(gone + Step, relay.Pump.BytesToSocket);
        }

        await relay.Owner.UntilAsync<RelayEvent.Delivered>();
        Assert.Equal(sent, got.ToArray());
        Assert.Equal(0, relay.Channel.Owed);
    }

    [Fact]
    public async Task A_download_that_waits_holds_its_window_and_the_far_side_with_it()
    {
        await using var relay = await StartAsync();
        var sending = relay.Channel.Far.SendAsync(new byte[1_000_000]);

        await Patience.UntilAsync(() => relay.Channel.Owed == _window.Initial, "the window used up");

        Assert.Equal(Burst, relay.Pump.BytesToSocket);
        Assert.False(sending.IsCompleted);
        relay.Channel.Abort();
        await Assert.ThrowsAsync<IOException>(() => sending);
    }

    [Fact]
    public async Task An_upload_gets_the_burst_at_once_and_then_so_much_in_each_time()
    {
        await using var relay = await StartAsync();
        var sent = RandomNumberGenerator.GetBytes(60_000);
        await relay.Peer.SendAsync(sent);
        relay.Peer.Finish();

        var got = new MemoryStream();
        got.Write(await relay.Channel.Far.ReadAsync(Burst));
        for (var gone = Burst; gone < sent.Length; gone += Step)
        {
            await _time.ElapseAsync(_step);
            got.Write(await relay.Channel.Far.ReadAsync(Step));
            Assert.Equal(gone + Step, relay.Pump.BytesToChannel);
        }

        await _time.ElapseAsync(_step); // The end is read like a byte.
        await relay.Owner.ExpectAsync<RelayEvent.SocketEof>();
        Assert.Equal(sent, got.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transfer_that_is_broken_while_it_waits_is_reset_at_once(bool isDownload)
    {
        await using var relay = await StartAsync();
        if (isDownload)
            await relay.Channel.Far.SendAsync(new byte[60_000]);
        else
            await relay.Peer.SendAsync(new byte[60_000]);
        await Patience.UntilAsync(() => _time.IsDueIn(left => left == _step), "the pump waits");

        relay.Pump.Reset();

        await relay.Peer.ExpectResetAsync();
        Assert.False(_time.IsDueIn(_ => true));
    }

    [Fact]
    public async Task A_peer_that_resets_while_the_pump_waits_is_told_of_by_the_next_step()
    {
        await using var relay = await StartAsync();
        await relay.Channel.Far.SendAsync(new byte[60_000]);
        Assert.Equal(Burst, (await relay.Peer.ReadAsync(Burst)).Length);
        relay.Peer.Reset();

        await relay.Owner.ExpectAsync<RelayEvent.SocketLost>();
    }

    private async Task<Relay> StartAsync()
    {
        var (peer, socket) = await DataSocket.PairAsync();
        var transport = new MemoryTransport();
        var channel = transport.Open(_window);
        var owner = new Probe(_system);
        var pump = new RelayPump(socket, channel, owner.Ref, Rate, _time);
        pump.Start();
        return new Relay(peer, pump, transport, channel, owner);
    }

    private sealed record Relay(
        DataSocket Peer, RelayPump Pump, MemoryTransport Transport, MemoryChannel Channel, Probe Owner) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Pump.Dispose();
            Peer.Dispose();
            await Transport.DisposeAsync();
            Assert.Empty(Transport.Violations);
        }
    }
}
