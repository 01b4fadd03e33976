using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests;

/// <summary>
/// What runs for each packet allocates nothing once it has run a while: sealing and writing, reading and opening, handing on.
/// </summary>
public sealed class AllocationTests
{
    private const int Packets = 2000;
    private const int Payload = 1000;

    /// <summary>
    /// Of a whole run: tasks, and arrays that a pool has kept for somebody else. Less than the smallest object for each packet.
    /// </summary>
    private const int Once = Packets * 23;

#if DEBUG
    // Without optimization the compiler makes an object of each call of an asynchronous method.
    private const int PerReceived = 200;
#else
    private const int PerReceived = 0;
#endif

    [Theory]
    [MemberData(nameof(Protections.Theory), MemberType = typeof(Protections))]
    public void Sending_and_receiving_allocate_nothing_for_each_packet(string cipher, string? mac)
    {
        var names = new ProtectionNames(cipher, mac);
        var sent = new byte[2 * Packets * Payload];
        for (var run = 0; run < 2; run++)
        {
            var (sending, length) = Send(names, sent);
            var receiving = Receive(names, sent.AsMemory(0, length));
            if (run > 0) // the first one fills pools
            {
                Assert.InRange(sending, 0, Once);
                Assert.InRange(receiving, 0, Once + (Packets * PerReceived));
            }
        }
    }

    [Fact]
    public async Task Handing_data_to_its_channel_allocates_nothing()
    {
        var connection = new OneMessageAgainAndAgain();
        var multiplexer = new Multiplexer(connection, NullLogger.Instance);
        await using var client = new ClientConnection(multiplexer, Fuzz.FuzzKeys.All[0].PublicKey);
        var opening = client.OpenAsync("h", 1, new(0, 0), new(100 * Packets * Payload, 100 * Packets * Payload), CancellationToken.None);
        connection.Begin();
        var sink = new Sink();
        (await opening).Attach(sink);
        connection.Flood();
        await client.Closed.WaitAsync(MemoryPair.Bound);
        Assert.Equal(Packets * Payload, sink.Bytes);
        Assert.InRange(connection.Allocated, 0, Once);
    }

    private static (long Allocated, int Length) Send(ProtectionNames names, byte[] output)
    {
        using var stream = new MemoryStream(output);
        var end = new ConnectionEnd();
        var queue = new SendQueue(end);
        queue.EndKeyExchange(new(Protections.Sealer(names), ResetSequenceNumber: true), extInfo: null);
        for (var i = 0; i < Packets; i++)
            queue.Post(new RawMessage(MessageNumber.Ignore, new byte[Payload]));
        queue.Complete();
        using var loop = new SendLoop(stream, queue, end, TimeProvider.System);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var running = loop.RunAsync();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(running.IsCompletedSuccessfully && !end.Cause.IsCompleted);
        return (allocated, (int)stream.Position);
    }

    private static long Receive(ProtectionNames names, ReadOnlyMemory<byte> input)
    {
        using var reader = new PacketReader(new PieceStream(input, () => 3000), TimeProvider.System);
        Assert.Equal((byte)MessageNumber.NewKeys, Read().Span[0]);
        reader.ChangeKey(Protections.Opener(names), resetSequenceNumber: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Packets; i++)
            Read();
        return GC.GetAllocatedBytesForCurrentThread() - before;

        ReadOnlyMemory<byte> Read()
        {
            var reading = reader.ReadAsync();
            Assert.True(reading.IsCompletedSuccessfully);
            return reading.GetAwaiter().GetResult();
        }
    }

    private sealed class Sink : IChannelSink
    {
        public int Bytes { get; private set; }

        public int Accept(ReadOnlySpan<byte> data)
        {
            Bytes += data.Length;
            return data.Length;
        }

        public void Eof()
        {
        }
    }

    /// <summary>A connection on which the peer confirms a channel, then sends data on it, and all of that is there at once.</summary>
    private sealed class OneMessageAgainAndAgain : IPacketConnection
    {
        private readonly TaskCompletionSource _begun = new();
        private readonly TaskCompletionSource _flood = new();
        private readonly byte[] _data = new byte[ChannelDataHeader.Size + Payload];
        private int _read = -1;
        private long _before;

        public OneMessageAgainAndAgain()
        {
            ChannelDataHeader.Write(_data, 0, Payload);
            Output = new(End);
        }

        public long Allocated { get; private set; } = long.MaxValue;

        public ConnectionEnd End { get; } = new();

        public SendQueue Output { get; }

        public TimeProvider Time => TimeProvider.System;

        public uint SequenceNumber => 0;

        public long LastReceived => 0;

        public Task Completion => Task.CompletedTask;

        public void Begin() => _begun.SetResult();

        public void Flood() => _flood.SetResult();

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync()
        {
            switch (++_read)
            {
                case 0:
                    return ConfirmAsync();
                case 1:
                    return FloodAsync();
                case 2:
                    _before = GC.GetAllocatedBytesForCurrentThread(); // from here on in one go, on one thread
                    return new(_data);
                case <= Packets:
                    return new(_data);
                default:
                    Allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
                    throw new SshException(SshFailure.ClosedByPeer, "The peer has said everything.");
            }
        }

        public void Dispose()
        {
        }

        private async ValueTask<ReadOnlyMemory<byte>> ConfirmAsync()
        {
            await _begun.Task;
            return Fields.Of((byte)MessageNumber.ChannelOpenConfirmation, 0u, 7u, 1000u, 1000u);
        }

        private async ValueTask<ReadOnlyMemory<byte>> FloodAsync()
        {
            await _flood.Task;
            return _data;
        }
    }
}
