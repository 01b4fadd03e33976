using System.Buffers.Binary;
using ActorTunnel.Ssh.Protection;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>Every way to protect packets that can be agreed on, with keys that anybody can guess.</summary>
internal static class Protections
{
    /// <summary>Each cipher, and each MAC with each cipher that needs one.</summary>
    public static IReadOnlyList<ProtectionNames> All { get; } =
    [
        .. SshAlgorithms.Ciphers.SelectMany(cipher => PacketProtection.NeedsMac(cipher)
            ? SshAlgorithms.Macs.Select(mac => new ProtectionNames(cipher, mac))
            : [new ProtectionNames(cipher, null)]),
    ];

    /// <summary>Cipher and MAC; the MAC is null for ciphers without one.</summary>
    public static TheoryData<string, string?> Theory
    {
        get
        {
            var data = new TheoryData<string, string?>();
            foreach (var names in All)
                data.Add(names.Cipher, names.Mac);
            return data;
        }
    }

    public static IPacketSealer Sealer(ProtectionNames names)
    {
        var protection = PacketProtection.Get(names);
        return protection.CreateSealer(Key(protection.KeySize), Key(protection.IvSize), Key(protection.MacKeySize));
    }

    public static IPacketOpener Opener(ProtectionNames names)
    {
        var protection = PacketProtection.Get(names);
        return protection.CreateOpener(Key(protection.KeySize), Key(protection.IvSize), Key(protection.MacKeySize));
    }

    /// <summary>00 01 02 ...</summary>
    public static byte[] Key(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)i)];

    /// <summary>packet_length, padding_length, a payload of different bytes, padding, and room for the tag.</summary>
    public static byte[] Packet(IPacketSealer sealer, int blocks)
    {
        const int Padding = 10;
        var length = (blocks * sealer.BlockSize) - (sealer.LengthIsPadded ? 4 : 0);
        var packet = new byte[4 + length + sealer.TagSize];
        BinaryPrimitives.WriteInt32BigEndian(packet, length);
        packet[4] = Padding;
        for (var i = 5; i < 4 + length - Padding; i++)
            packet[i] = (byte)(i * 7);
        return packet;
    }
}
