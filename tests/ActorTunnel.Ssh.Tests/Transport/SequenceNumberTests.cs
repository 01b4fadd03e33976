using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Transport;

/// <summary>
/// Sequence numbers go round after 2^32 packets (RFC 4253, section 6.4): under every protection, and not before there is one.
/// </summary>
public sealed class SequenceNumberTests
{
    private const int Packets = 10;
    private const uint NearTheEnd = uint.MaxValue - 4;

    [Theory]
    [MemberData(nameof(Protections.Theory), MemberType = typeof(Protections))]
    public async Task The_number_goes_round_under_a_key(string cipher, string? mac)
    {
        // NEWKEYS is the packet before: that side and this side count it alike.
        using var reader = await SendAsync(new(cipher, mac), first: NearTheEnd, resets: false);
        for (var i = 0; i < Packets; i++)
        {
            Assert.Equal((byte)i, (await reader.ReadAsync()).Span[1]);
            Assert.Equal(unchecked(NearTheEnd + 1 + (uint)i), reader.SequenceNumber);
        }
    }

    [Theory]
    [MemberData(nameof(Protections.Theory), MemberType = typeof(Protections))]
    public async Task Strict_key_exchange_begins_again_with_each_key(string cipher, string? mac)
    {
        using var reader = await SendAsync(new(cipher, mac), first: NearTheEnd, resets: true);
        for (var i = 0; i < Packets; i++)
        {
            Assert.Equal((byte)i, (await reader.ReadAsync()).Span[1]);
            Assert.Equal((uint)i, reader.SequenceNumber);
        }
    }

    [Fact]
    public async Task The_number_does_not_go_round_before_there_are_keys()
    {
        byte[] packet = [0, 0, 0, 12, 10, (byte)MessageNumber.Ignore, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var packets = Enumerable.Repeat(packet, 5).SelectMany(bytes => bytes).ToArray();
        using var reader = new PacketReader(new PieceStream(packets, () => 100), TimeProvider.System)
        {
            SequenceNumber = uint.MaxValue - 2,
        };
        await reader.ReadAsync();
        Assert.Equal(uint.MaxValue - 1, reader.SequenceNumber);
        var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
        Assert.Equal(SshFailure.ProtocolError, exception.Failure);
    }

    [Fact]
    public async Task No_key_protects_2_pow_32_packets()
    {
        using var reader = await SendAsync(Protections.All[0], first: 0, resets: false);
        reader.Traffic.Skip(uint.MaxValue - 2);
        await reader.ReadAsync();
        await reader.ReadAsync();
        var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadAsync().AsTask());
        Assert.Contains("2^32", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A reader of packets that a send loop has sealed.</summary>
    private static async Task<PacketReader> SendAsync(ProtectionNames names, uint first, bool resets)
    {
        var end = new ConnectionEnd();
        var queue = new SendQueue(end);
        using var stream = new MemoryStream();
        queue.EndKeyExchange(new(Protections.Sealer(names), resets), extInfo: null);
        for (var i = 0; i < Packets; i++)
            queue.Post(new RawMessage(MessageNumber.Ignore, [(byte)i]));
        queue.Complete();
        using var loop = new SendLoop(stream, queue, end, TimeProvider.System) { FirstSequenceNumber = first };
        await loop.RunAsync();
        var reader = new PacketReader(new PieceStream(stream.ToArray(), () => 100), TimeProvider.System)
        {
            SequenceNumber = unchecked(first - 1),
        };
        await reader.ReadAsync(); // NEWKEYS
        reader.ChangeKey(Protections.Opener(names), resets);
        return reader;
    }
}
