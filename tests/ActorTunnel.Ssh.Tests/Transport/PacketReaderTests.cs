using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Transport;

/// <summary>Packets sealed by our send loop, read back from every cut of the stream.</summary>
public sealed class PacketReaderTests
{
    private static readonly int[] _sizes = [1, 2, 17, 32777, 5, 30000, 32777, 32777, 300];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public async Task Any_split_gives_the_same_packets(int piece)
    {
        using var reader = await CreateAsync(bytes => bytes, () => piece);
        await ReadAllAsync(reader);
        var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
        Assert.Equal(SshFailure.ClosedByPeer, exception.Failure);
    }

    [Fact]
    public async Task Random_splits_give_the_same_packets()
    {
        var random = new Random(20261120);
        for (var i = 0; i < 20; i++)
        {
            using var reader = await CreateAsync(bytes => bytes, () => random.Next(1, 70_000));
            await ReadAllAsync(reader);
        }
    }

    [Fact]
    public async Task An_end_of_stream_inside_a_packet_is_not_a_clean_end()
    {
        using var reader = await CreateAsync(bytes => bytes[..^1], () => 10_000);
        for (var i = 0; i < _sizes.Length - 1; i++)
            await reader.ReadAsync();
        var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
        Assert.Equal(SshFailure.ConnectionLost, exception.Failure);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(20)]
    [InlineData(35)]
    public async Task An_altered_byte_is_found(int position)
    {
        using var reader = await CreateAsync(bytes =>
        {
            bytes[position] ^= 0x10;
            return bytes;
        }, () => int.MaxValue);
        var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
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

    private static async Task<PacketReader> CreateAsync(Func<byte[], byte[]> alter, Func<int> nextSize)
    {
        var key = new byte[16];
        var nonce = new byte[AesGcmProtection.NonceSize];
        var end = new ConnectionEnd();
        var queue = new SendQueue(end);
        using var stream = new MemoryStream();
        queue.EndKeyExchange(new(new AesGcmProtection(key, nonce), ResetSequenceNumber: true), extInfo: null);
        foreach (var size in _sizes)
        {
            var slot = await queue.Slots.RentAsync(CancellationToken.None);
            slot.AsSpan(0, size).Fill((byte)size);
            slot[0] = (byte)MessageNumber.ChannelData;
            queue.PostData(slot, size);
        }

        queue.Complete();
        using var loop = new SendLoop(stream, queue, end);
        await loop.RunAsync();
        const int NewKeysSize = 16;
        var reader = new PacketReader(new PieceStream(alter(stream.ToArray()[NewKeysSize..]), nextSize), TimeProvider.System);
        reader.ChangeKey(new AesGcmProtection(key, nonce), resetSequenceNumber: true);
        return reader;
    }
}
