using System.Net.Sockets;
using System.Security.Cryptography;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>Bytes between a real socket and an in-memory channel: none lost, none moved, none kept beyond the window.</summary>
public sealed class RelayPumpTests : IAsyncLifetime
{
    private static readonly ChannelWindow _window = new(256 * 1024, 2 * 1024 * 1024);

    private readonly ActorSystem _system = ActorSystem.Create("test");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate().Soon();

    [Fact]
    public void Both_directions_carry_any_pieces_unchanged() =>
        Prop.ForAll(Pieces(), Pieces(), (down, up) => RelayBothWaysAsync(down, up).GetAwaiter().GetResult())
            .Check(Seeded.Cases.WithMaxTest(25));

    [Fact]
    public async Task A_socket_that_takes_now_and_then_gets_every_byte_in_order_and_no_more_than_the_window_is_owed()
    {
        await using var relay = await StartAsync(buffer: 4 * 1024);
        var sent = RandomNumberGenerator.GetBytes(3_000_000);
        var most = 0;
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length;)
            {
                // Small and large pieces in turn: the socket takes some at once, others wait behind a backlog.
                var count = Math.Min(sent.Length - at, at % 3 == 0 ? 777 : 90_000);
                await relay.Far.SendAsync(sent.AsMemory(at, count));
                at += count;
                most = Math.Max(most, relay.Channel.Owed);
            }

            relay.Far.Finish();
        });

        var received = new MemoryStream();
        var sizes = new Random(1);
        while (received.Length < sent.Length)
            received.Write(await relay.Peer.ReadAsync(Math.Min(sizes.Next(1, 50_000), sent.Length - (int)received.Length)));
        await sending.Soon();
        await relay.Owner.UntilAsync<RelayEvent.Delivered>();

        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received.ToArray()));
        Assert.InRange(most, 1, _window.Initial);
        Assert.Equal(0, relay.Channel.Owed);
        Assert.Equal(sent.Length, relay.Pump.BytesToSocket);
    }

    [Fact]
    public async Task C21_a_socket_that_does_not_read_stops_the_far_side_at_its_window()
    {
        await using var relay = await StartAsync(buffer: 4 * 1024);
        var sending = relay.Far.SendAsync(new byte[8_000_000]);

        await Patience.UntilAsync(() => relay.Channel.Owed == _window.Initial, "the window used up");

        Assert.False(sending.IsCompleted);
        relay.Pump.Reset();
        relay.Channel.Abort();
        await Assert.ThrowsAsync<IOException>(() => sending);
    }

    [Fact]
    public async Task Delivered_comes_only_when_the_socket_has_taken_the_last_byte()
    {
        await using var relay = await StartAsync(buffer: 4 * 1024);
        var sending = relay.Far.SendAsync(new byte[200_000]);
        await sending.Soon(); // It fits into the window.
        relay.Far.Finish();
        await relay.Owner.ExpectAsync<RelayEvent.ChannelEof>();
        Assert.True(relay.Channel.Owed > 0);
        Assert.True(relay.Owner.IsEmpty);

        var reading = relay.Peer.ReadAsync(200_000);

        await relay.Owner.ExpectAsync<RelayEvent.Delivered>();
        Assert.Equal(0, relay.Channel.Owed);
        Assert.Equal(200_000, (await reading).Length);
    }

    [Fact]
    public async Task An_end_of_file_waits_for_the_owner_in_both_directions()
    {
        await using var relay = await StartAsync();
        relay.Peer.Finish();
        await relay.Owner.ExpectAsync<RelayEvent.SocketEof>();
        Assert.False(relay.Channel.EofSent);
        relay.Pump.FinishChannel();
        Assert.Empty((await relay.Far.ReadToEndAsync()).Bytes);
        Assert.True(relay.Channel.EofSent);

        await relay.Far.SendAsync("still"u8.ToArray());
        relay.Far.Finish();
        await relay.Owner.ExpectAsync<RelayEvent.ChannelEof>();
        await relay.Owner.ExpectAsync<RelayEvent.Delivered>();
        Assert.Equal("still"u8.ToArray(), await relay.Peer.ReadAsync(5));
        relay.Pump.FinishSocket();

        Assert.Empty(await relay.Peer.ReadToFinAsync());
    }

    [Fact]
    public async Task A_reset_by_the_peer_is_told_once_and_what_comes_then_is_thrown_away_and_not_delivered()
    {
        await using var relay = await StartAsync();
        relay.Peer.Reset();
        await relay.Owner.ExpectAsync<RelayEvent.SocketLost>();

        await relay.Far.SendAsync(new byte[1_000_000]);
        relay.Far.Close();

        await relay.Owner.ExpectAsync<RelayEvent.ChannelEof>();
        relay.Channel.Abort();
        Assert.Equal(ChannelEnd.Finished, (await relay.Owner.ExpectAsync<RelayEvent.ChannelEnded>()).End);
        Assert.True(relay.Owner.IsEmpty);
    }

    [Fact]
    public async Task A_reset_while_bytes_wait_is_told()
    {
        await using var relay = await StartAsync(buffer: 4 * 1024);
        await relay.Far.SendAsync(new byte[200_000]);
        Assert.True(relay.Channel.Owed > 0);

        relay.Peer.Reset();

        await relay.Owner.ExpectAsync<RelayEvent.SocketLost>();
    }

    [Fact]
    public async Task Until_its_end_of_file_is_due_the_socket_is_closed_by_a_reset_whoever_closes_it()
    {
        await using var relay = await StartAsync();
        Assert.Equal((true, 0), (relay.Socket.LingerState!.Enabled, relay.Socket.LingerState.LingerTime)); // So a killed process resets it.

        relay.Far.Finish();
        await relay.Owner.UntilAsync<RelayEvent.Delivered>();
        relay.Pump.FinishSocket();

        Assert.False(relay.Socket.LingerState.Enabled);
    }

    [Fact]
    public async Task Closing_in_order_is_no_reset()
    {
        await using var relay = await StartAsync();
        relay.Peer.Finish();
        await relay.Owner.ExpectAsync<RelayEvent.SocketEof>();

        relay.Pump.Dispose();

        Assert.Empty(await relay.Peer.ReadToFinAsync());
    }

    [Fact]
    public async Task Reset_is_seen_as_a_reset_even_behind_bytes_that_wait()
    {
        await using var relay = await StartAsync(buffer: 4 * 1024);
        await relay.Far.SendAsync(new byte[200_000]);

        relay.Pump.Reset();

        await relay.Peer.ExpectResetAsync();
    }

    [Fact]
    public async Task A_channel_that_is_lost_is_told_with_its_end_and_the_socket_stays_for_the_owner_to_reset()
    {
        await using var relay = await StartAsync();

        relay.Transport.Lose();

        Assert.Equal(ChannelEnd.ConnectionLost, (await relay.Owner.ExpectAsync<RelayEvent.ChannelEnded>()).End);
        relay.Pump.Reset();
        await relay.Peer.ExpectResetAsync();
    }

    [Fact]
    public async Task A_channel_that_takes_nothing_stops_the_socket()
    {
        await using var relay = await StartAsync(buffer: 4 * 1024);
        var sending = relay.Peer.SendAsync(new byte[2_000_000]);

        await Patience.UntilAsync(() => relay.Pump.BytesToChannel == MemoryChannel.FarWindow, "the window used up");
        Assert.False(sending.IsCompleted);

        Assert.Equal(2_000_000, (await relay.Far.ReadAsync(2_000_000)).Length);
        await sending.Soon();
    }

    private static Arbitrary<int[]> Pieces() =>
        Gen.ArrayOf(Gen.OneOf(Gen.Choose(1, 10), Gen.Choose(1, 5_000), Gen.Choose(30_000, 300_000))).Resize(8).ToArbitrary();

    private async Task RelayBothWaysAsync(int[] down, int[] up)
    {
        await using var relay = await StartAsync();
        var downBytes = RandomNumberGenerator.GetBytes(down.Sum());
        var upBytes = RandomNumberGenerator.GetBytes(up.Sum());
        var sendingDown = InPiecesAsync(downBytes, down, relay.Far.SendAsync);
        var sendingUp = InPiecesAsync(upBytes, up, relay.Peer.SendAsync);
        var readingDown = relay.Peer.ReadAsync(downBytes.Length);
        var readingUp = relay.Far.ReadAsync(upBytes.Length);

        Assert.Equal(SHA256.HashData(downBytes), SHA256.HashData(await readingDown));
        Assert.Equal(SHA256.HashData(upBytes), SHA256.HashData(await readingUp));
        await Task.WhenAll(sendingDown, sendingUp).Soon();
        relay.Far.Finish();
        relay.Peer.Finish();
        var ends = new[] { await relay.Owner.ExpectAsync(), await relay.Owner.ExpectAsync(), await relay.Owner.ExpectAsync() };
        Assert.Contains(ends, end => end is RelayEvent.Delivered);
        Assert.Contains(ends, end => end is RelayEvent.SocketEof);
    }

    private static async Task InPiecesAsync(byte[] bytes, int[] pieces, Func<ReadOnlyMemory<byte>, Task> sendAsync)
    {
        var at = 0;
        foreach (var piece in pieces)
        {
            await sendAsync(bytes.AsMemory(at, piece));
            at += piece;
        }
    }

    private async Task<Relay> StartAsync(int? buffer = null)
    {
        var (peer, socket) = await DataSocket.PairAsync(buffer: buffer);
        var transport = new MemoryTransport();
        var channel = transport.Open(_window);
        var owner = new Probe(_system);
        var pump = new RelayPump(socket, channel, owner.Ref);
        pump.Start();
        return new Relay(peer, socket, pump, transport, channel, owner);
    }

    private sealed record Relay(
        DataSocket Peer, Socket Socket, RelayPump Pump, MemoryTransport Transport, MemoryChannel Channel, Probe Owner) : IAsyncDisposable
    {
        public FarEnd Far => Channel.Far;

        public async ValueTask DisposeAsync()
        {
            Pump.Dispose();
            Peer.Dispose();
            await Transport.DisposeAsync();
            Assert.Empty(Transport.Violations);
        }
    }
}
