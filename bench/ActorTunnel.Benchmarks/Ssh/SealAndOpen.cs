using System.Buffers.Binary;
using ActorTunnel.Ssh.Protection;
using BenchmarkDotNet.Attributes;

namespace ActorTunnel.Benchmarks.Ssh;

/// <summary>
/// A packet of 32 KiB, sealed and opened in place: what both ends together spend on its protection. The goal: no allocation.
/// </summary>
[MemoryDiagnoser]
public class SealAndOpen
{
    /// <summary>Bytes that are encrypted.</summary>
    public const int Size = 32 * 1024;

    private const int LengthSize = sizeof(uint);

    private IPacketSealer _sealer = null!;
    private IPacketOpener _opener = null!;
    private byte[] _packet = null!;
    private uint _sequenceNumber;

    /// <summary>Cipher and MAC.</summary>
    [ParamsSource(nameof(Names))]
    public string Protection { get; set; } = "";

    /// <summary>All there are.</summary>
    public static IEnumerable<string> Names => Protections.All.Select(names => names.ToString());

    /// <summary>Makes both ends.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var protection = PacketProtection.Get(Protections.All.First(names => names.ToString() == Protection));
        var (key, iv, macKey) = (new byte[protection.KeySize], new byte[protection.IvSize], new byte[protection.MacKeySize]);
        _sealer = protection.CreateSealer(key, iv, macKey);
        _opener = protection.CreateOpener(key, iv, macKey);
        _packet = new byte[(_sealer.LengthIsPadded ? 0 : LengthSize) + Size + _sealer.TagSize];
    }

    /// <summary>Wipes the keys.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        _sealer.Dispose();
        _opener.Dispose();
    }

    /// <summary>What the send loop and the packet reader do with each packet.</summary>
    [Benchmark]
    public void Packet()
    {
        BinaryPrimitives.WriteInt32BigEndian(_packet, _packet.Length - LengthSize - _sealer.TagSize);
        _sealer.Seal(_sequenceNumber, _packet);
        _opener.ReadLength(_sequenceNumber, _packet);
        if (!_opener.TryOpen(_sequenceNumber, _packet))
            throw new InvalidOperationException("The packet did not open.");
        _sequenceNumber = unchecked(_sequenceNumber + 1);
    }
}
