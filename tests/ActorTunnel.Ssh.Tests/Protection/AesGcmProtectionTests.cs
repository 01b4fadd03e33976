using System.Buffers.Binary;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Protection;

public sealed class AesGcmProtectionTests
{
    private const string IvBeforeTheCounterWraps = "a0a1a2a3ffffffffffffffff";
    private const int TagSize = 16;

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
        var protection = PacketProtection.Get(new(cipher, null));
        return protection.CreateSealer(
            Protections.Key(protection.KeySize), Convert.FromHexString(IvBeforeTheCounterWraps), []);
    }
}
