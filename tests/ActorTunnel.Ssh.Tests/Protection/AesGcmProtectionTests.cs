using System.Buffers.Binary;
using ActorTunnel.Ssh.Protection;

namespace ActorTunnel.Ssh.Tests.Protection;

public sealed class AesGcmProtectionTests
{
    private const string IvBeforeTheCounterWraps = "a0a1a2a3ffffffffffffffff";
    private const int TagSize = 16;

    public static TheoryData<string> Ciphers => [.. PacketProtection.Ciphers];

    /// <summary>Made with another library: key 00 01 02 ..., the packet of <see cref="Packet"/>, nonces one step apart.</summary>
    [Theory]
    [InlineData(
        "aes128-gcm@openssh.com",
        "da7333051d8226c1b088b40b4a5c1a25073393bd88edf05657d6ce254cd94af9",
        "801d8fdf04cb346f53c62a2371ca7ba0c67255c93dfca18a35ecbf34720742fc")]
    [InlineData(
        "aes256-gcm@openssh.com",
        "aeff830dbf6b732d1a5e135c2b1dda7ab105990f13ba09f7de639f20ad45e67e",
        "16f91d746020b5bcb93bbb3351da65db4defdcbee13360babadb2d6889fc1cc8")]
    public void Length_is_authenticated_in_the_clear_and_the_counter_steps_without_touching_the_fixed_part(
        string cipher, string first, string second)
    {
        using var sealer = Sealer(cipher);
        foreach (var expected in new[] { first, second })
        {
            var packet = Packet();
            sealer.Seal(0, packet);
            Assert.Equal("00000010" + expected, Convert.ToHexStringLower(packet));
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void What_is_sealed_opens_in_the_same_order(string cipher)
    {
        using var sealer = Sealer(cipher);
        using var opener = Opener(cipher);
        for (var i = 0u; i < 5; i++)
        {
            var packet = Packet();
            sealer.Seal(i, packet);
            Assert.Equal(16u, opener.ReadLength(i, packet));
            Assert.True(opener.TryOpen(i, packet));
            Assert.Equal(Packet()[..^TagSize], packet[..^TagSize]);
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void A_packet_with_any_byte_changed_does_not_open(string cipher)
    {
        for (var i = 0; i < Packet().Length; i++)
        {
            using var sealer = Sealer(cipher);
            using var opener = Opener(cipher);
            var packet = Packet();
            sealer.Seal(0, packet);
            packet[i] ^= 0x01;
            Assert.False(opener.TryOpen(0, packet));
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void A_packet_left_out_or_sent_again_does_not_open(string cipher)
    {
        using var sealer = Sealer(cipher);
        var (first, second) = (Packet(), Packet());
        sealer.Seal(0, first);
        sealer.Seal(1, second);

        using var skipping = Opener(cipher);
        Assert.False(skipping.TryOpen(0, second));

        using var replaying = Opener(cipher);
        byte[] again = [.. first];
        Assert.True(replaying.TryOpen(0, first));
        Assert.False(replaying.TryOpen(1, again));
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Sealing_and_opening_allocate_nothing(string cipher)
    {
        using var sealer = Sealer(cipher);
        using var opener = Opener(cipher);
        var packet = Packet();
        void SealAndOpen()
        {
            sealer.Seal(0, packet);
            Assert.True(opener.TryOpen(0, packet));
        }

        SealAndOpen();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            SealAndOpen();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_table_is_what_is_offered_to_users() => Assert.Equal(PacketProtection.Ciphers, SshAlgorithms.Ciphers);

    [Fact]
    public void Before_new_keys_packets_are_sent_as_they_are()
    {
        using var plain = new PlainProtection();
        var packet = Packet();
        plain.Seal(0, packet);
        Assert.Equal(Packet(), packet);
        Assert.Equal(16u, plain.ReadLength(0, packet));
        Assert.True(plain.TryOpen(0, packet));
        Assert.True(plain.LengthIsPadded && plain.TagSize == 0 && plain.BlockSize == 8);
    }

    // packet_length 16, padding_length 10, payload of 5 bytes, padding, room for the tag.
    private static byte[] Packet()
    {
        var packet = new byte[4 + 16 + TagSize];
        BinaryPrimitives.WriteUInt32BigEndian(packet, 16);
        packet[4] = 10;
        "@ABCD"u8.CopyTo(packet.AsSpan(5));
        return packet;
    }

    private static IPacketSealer Sealer(string cipher)
    {
        var protection = PacketProtection.Get(cipher);
        return protection.CreateSealer(Key(protection), Convert.FromHexString(IvBeforeTheCounterWraps), []);
    }

    private static IPacketOpener Opener(string cipher)
    {
        var protection = PacketProtection.Get(cipher);
        return protection.CreateOpener(Key(protection), Convert.FromHexString(IvBeforeTheCounterWraps), []);
    }

    private static byte[] Key(PacketProtection protection) => [.. Enumerable.Range(0, protection.KeySize).Select(i => (byte)i)];
}
