using System.Buffers.Binary;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Protection;

/// <summary>What holds for every protection alike.</summary>
public sealed class PacketProtectionTests
{
    public static TheoryData<string, string?> All => Protections.Theory;

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_sealed_opens_in_the_same_order(string cipher, string? mac)
    {
        using var sealer = Protections.Sealer(new(cipher, mac));
        using var opener = Protections.Opener(new(cipher, mac));
        var sequenceNumber = uint.MaxValue - 2;
        foreach (var blocks in new[] { 2, 3, 2048, 2, 500, 9 })
        {
            var original = Protections.Packet(sealer, blocks);
            byte[] packet = [.. original];
            sealer.Seal(sequenceNumber, packet);
            Assert.NotEqual(original[4..^sealer.TagSize], packet[4..^sealer.TagSize]);
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(original), opener.ReadLength(sequenceNumber, packet));
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(original), opener.ReadLength(sequenceNumber, packet));
            Assert.True(opener.TryOpen(sequenceNumber, packet));
            Assert.Equal(original[4..^sealer.TagSize], packet[4..^sealer.TagSize]);
            sequenceNumber = unchecked(sequenceNumber + 1);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_packet_with_any_bit_of_any_byte_changed_does_not_open(string cipher, string? mac)
    {
        using var measure = Protections.Sealer(new(cipher, mac));
        for (var i = 0; i < Protections.Packet(measure, 3).Length; i++)
        {
            using var sealer = Protections.Sealer(new(cipher, mac));
            using var opener = Protections.Opener(new(cipher, mac));
            var packet = Protections.Packet(sealer, 3);
            sealer.Seal(7, packet);
            packet[i] ^= (byte)(1 << (i % 8));
            opener.ReadLength(7, packet);
            Assert.False(opener.TryOpen(7, packet));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_packet_left_out_or_sent_again_does_not_open(string cipher, string? mac)
    {
        using var sealer = Protections.Sealer(new(cipher, mac));
        var (first, second) = (Protections.Packet(sealer, 2), Protections.Packet(sealer, 2));
        sealer.Seal(0, first);
        sealer.Seal(1, second);

        using var skipping = Protections.Opener(new(cipher, mac));
        Assert.False(skipping.TryOpen(0, second));

        using var replaying = Protections.Opener(new(cipher, mac));
        byte[] again = [.. first];
        Assert.True(replaying.TryOpen(0, first));
        Assert.False(replaying.TryOpen(1, again));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_packet_sealed_under_other_keys_does_not_open(string cipher, string? mac)
    {
        using var sealer = Protections.Sealer(new(cipher, mac));
        var protection = PacketProtection.Get(new(cipher, mac));
        var (key, macKey) = (Protections.Key(protection.KeySize), Protections.Key(protection.MacKeySize));
        (mac is null ? key : macKey)[0] ^= 1;
        using var opener = protection.CreateOpener(key, Protections.Key(protection.IvSize), macKey);
        var packet = Protections.Packet(sealer, 3);
        sealer.Seal(0, packet);
        Assert.False(opener.TryOpen(0, packet));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Sealing_and_opening_allocate_nothing(string cipher, string? mac)
    {
        using var sealer = Protections.Sealer(new(cipher, mac));
        using var opener = Protections.Opener(new(cipher, mac));
        var packet = Protections.Packet(sealer, 64);
        void SealAndOpen()
        {
            packet[0] = packet[1] = packet[2] = packet[3] = 0;
            sealer.Seal(0, packet);
            opener.ReadLength(0, packet);
            Assert.True(opener.TryOpen(0, packet));
        }

        // The runtime itself allocates a little when it compiles something anew: less than one object, of 24 bytes, for each packet.
        const int packets = 1000;
        SealAndOpen();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < packets; i++)
            SealAndOpen();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (packets * 24) - 1);
    }

    [Fact]
    public void Ciphers_that_authenticate_by_themselves_come_first() => Assert.Equal(
        SshAlgorithms.Ciphers.OrderBy(PacketProtection.NeedsMac), SshAlgorithms.Ciphers);

    [Fact]
    public void Before_new_keys_packets_are_sent_as_they_are()
    {
        using var plain = new PlainProtection();
        var original = Protections.Packet(plain, 3);
        byte[] packet = [.. original];
        plain.Seal(0, packet);
        Assert.Equal(original, packet);
        Assert.Equal(20u, plain.ReadLength(0, packet));
        Assert.True(plain.TryOpen(0, packet));
        Assert.True(plain.LengthIsPadded && plain.TagSize == 0 && plain.BlockSize == 8);
    }
}
