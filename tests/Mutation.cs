using System.Buffers.Binary;

namespace ActorTunnel.Tests;

/// <summary>
/// What is almost right gets further than noise: valid input with a few changes of the kinds that parsers get wrong. The same seed
/// gives the same bytes.
/// </summary>
internal static class Mutation
{
    private const int MaxChanges = 6;
    private const int MaxInserted = 300;

    private static readonly byte[] _bytes = [0, 1, 0x20, 0x2c, 0x7f, 0x80, 0xfe, 0xff];

    private static readonly uint[] _numbers =
        [0, 1, 4, 255, 256, 0xffff, 0x10000, 32768, 35000, 256 * 1024, int.MaxValue, 0x8000_0000, uint.MaxValue - 3, uint.MaxValue];

    public static byte[] Of(IReadOnlyList<byte[]> samples, int seed)
    {
        var random = new Random(seed);
        var bytes = samples[random.Next(samples.Count)];
        for (var changes = random.Next(1, MaxChanges); changes > 0; changes--)
            bytes = Change(bytes, samples, random);
        return bytes;
    }

    private static byte[] Change(byte[] bytes, IReadOnlyList<byte[]> samples, Random random)
    {
        byte[] copy = [.. bytes];
        var at = random.Next(bytes.Length + 1);
        var count = random.Next(Math.Min(bytes.Length - at, 64) + 1);
        switch (random.Next(9))
        {
            case 0 when at < bytes.Length:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1 when at < bytes.Length:
                copy[at] = _bytes[random.Next(_bytes.Length)];
                return copy;
            case 2 when at <= bytes.Length - sizeof(uint):
                BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(at), _numbers[random.Next(_numbers.Length)]);
                return copy;
            case 3 when at <= bytes.Length - sizeof(uint): // a length that is wrong by a little
                var near = BinaryPrimitives.ReadUInt32BigEndian(copy.AsSpan(at)) + (uint)random.Next(-4, 5);
                BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(at), near);
                return copy;
            case 4:
                return bytes[..at]; // cut off
            case 5:
                return [.. bytes[..at], .. bytes[(at + count)..]];
            case 6:
                return [.. bytes[..(at + count)], .. bytes[at..]]; // a part twice
            case 7:
                var noise = new byte[random.Next(MaxInserted)];
                random.NextBytes(noise);
                return [.. bytes[..at], .. noise, .. bytes[at..]];
            default:
                var other = samples[random.Next(samples.Count)];
                return [.. bytes[..at], .. other[Math.Min(at, other.Length)..]];
        }
    }
}
