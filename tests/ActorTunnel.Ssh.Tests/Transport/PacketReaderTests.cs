using System.Buffers.Binary;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Transport;

/// <summary>Packets sealed by our send loop, read back from every cut of the stream.</summary>
public sealed class PacketReaderTests
{
    private static readonly int[] _sizes = [1, 2, 17, 32777, 5, 30000, 32777, 32777, 300];

    public static TheoryData<string, string?> All => Protections.Theory;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Any_split_gives_the_same_packets(string cipher, string? mac)
    {
        foreach (var piece in new[] { 1, 7, 16, 4096, int.MaxValue })
        {
            using var reader = await CreateAsync(new(cipher, mac), bytes => bytes, () => piece);
            await ReadAllAsync(reader);
            var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
            Assert.Equal(SshFailure.ClosedByPeer, exception.Failure);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Random_splits_give_the_same_packets(string cipher, string? mac)
    {
        var random = new Random(20261120);
        for (var i = 0; i < 20; i++)
        {
            using var reader = await CreateAsync(new(cipher, mac), bytes => bytes, () => random.Next(1, 70_000));
            await ReadAllAsync(reader);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_end_of_stream_inside_a_packet_is_not_a_clean_end(string cipher, string? mac)
    {
        using var reader = await CreateAsync(new(cipher, mac), bytes => bytes[..^1], () => 10_000);
        for (var i = 0; i < _sizes.Length - 1; i++)
            await reader.ReadAsync();
        var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
        Assert.Equal(SshFailure.ConnectionLost, exception.Failure);
    }

    /// <summary>Whatever was altered, length, payload or tag: the same words, which do not tell an attacker which it was.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task An_altered_byte_is_found(string cipher, string? mac)
    {
        for (var position = 0; position < 28; position++)
        {
            using var reader = await CreateAsync(new(cipher, mac), bytes =>
            {
                bytes[position] ^= 0x10;
                return bytes;
            }, () => int.MaxValue);
            var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
            Assert.Equal(SshFailure.ProtocolError, exception.Failure);
            Assert.Equal("A packet from the peer did not authenticate: it was altered on its way.", exception.Message);
        }
    }

    /// <summary>A peer that has the keys and lies: it is not waited for what it says will come.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task An_impossible_length_ends_the_connection_before_the_packet_is_there(string cipher, string? mac)
    {
        foreach (var length in new uint[] { 0, 1, 5, 13, 17, PacketLimits.MaxPacketLength + 16, int.MaxValue, 0x8000_000C, uint.MaxValue })
        {
            using var sealer = Protections.Sealer(new(cipher, mac));
            var packet = Protections.Packet(sealer, 4);
            BinaryPrimitives.WriteUInt32BigEndian(packet, length);
            sealer.Seal(0, packet);
            using var reader = new PacketReader(new PieceStream(packet.AsMemory(0, 16), () => 1), TimeProvider.System);
            reader.ChangeKey(Protections.Opener(new(cipher, mac)), resetSequenceNumber: true);
            var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
            Assert.Equal(SshFailure.ProtocolError, exception.Failure);
        }
    }

    /// <summary>The padding is authenticated, so this is the peer's own error.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task Impossible_padding_under_a_key_is_malformed(string cipher, string? mac)
    {
        foreach (var padding in new byte[] { 0, 3, 63, 255 })
        {
            using var sealer = Protections.Sealer(new(cipher, mac));
            var packet = Protections.Packet(sealer, 64 / sealer.BlockSize);
            packet[4] = padding;
            sealer.Seal(0, packet);
            using var reader = new PacketReader(new PieceStream(packet, () => 5), TimeProvider.System);
            reader.ChangeKey(Protections.Opener(new(cipher, mac)), resetSequenceNumber: true);
            var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
            Assert.Equal("The peer sent a malformed packet: its padding is not possible.", exception.Message);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })] // no length
    [InlineData(new byte[] { 0, 0, 0, 4, 4, 0, 0, 0 })] // no payload
    [InlineData(new byte[] { 255, 255, 255, 255, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 4, 0, 4, 0, 0, 0, 0 })] // more than 256 KiB
    [InlineData(new byte[] { 0, 0, 0, 13, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // not a multiple of the block
    [InlineData(new byte[] { 0, 0, 0, 12, 3, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0 })] // less padding than there must be
    [InlineData(new byte[] { 0, 0, 0, 12, 11, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0 })] // nothing but padding
    [InlineData(new byte[] { 0, 0, 0, 12, 255, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0 })]
    public async Task An_impossible_packet_is_malformed(byte[] packet)
    {
        using var reader = new PacketReader(new PieceStream(packet, () => 1), TimeProvider.System);
        var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
    }

    private static async Task ReadAllAsync(PacketReader reader)
    {
        foreach (var size in _sizes)
        {
            var payload = await reader.ReadAsync();
            Assert.Equal(size, payload.Length);
            Assert.Equal((byte)MessageNumber.ChannelData, payload.Span[0]);
            Assert.Equal(-1, payload.Span[1..].IndexOfAnyExcept((byte)size));
        }
    }

    private static async Task<PacketReader> CreateAsync(ProtectionNames names, Func<byte[], byte[]> alter, Func<int> nextSize)
    {
        var end = new ConnectionEnd();
        var queue = new SendQueue(end);
        using var stream = new MemoryStream();
        queue.EndKeyExchange(new(Protections.Sealer(names), ResetSequenceNumber: true), extInfo: null);
        foreach (var size in _sizes)
        {
            var slot = await queue.Slots.RentAsync(CancellationToken.None);
            slot.AsSpan(0, size).Fill((byte)size);
            slot[0] = (byte)MessageNumber.ChannelData;
            queue.PostData(slot, size);
        }

        queue.Complete();
        using var loop = new SendLoop(stream, queue, end, TimeProvider.System);
        await loop.RunAsync();
        const int NewKeysSize = 16;
        var reader = new PacketReader(new PieceStream(alter(stream.ToArray()[NewKeysSize..]), nextSize), TimeProvider.System);
        reader.ChangeKey(Protections.Opener(names), resetSequenceNumber: true);
        return reader;
    }
}
