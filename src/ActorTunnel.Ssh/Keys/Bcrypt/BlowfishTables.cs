using System.Buffers.Binary;
using System.Numerics;

namespace ActorTunnel.Ssh.Keys.Bcrypt;

/// <summary>
/// What Blowfish starts with: the fraction of pi in binary, cut into 32-bit words, first for the P-array and then for the four
/// S-boxes (B. Schneier, "Description of a New Variable-Length Key, 64-Bit Block Cipher", 1993). It is worked out, once and only
/// when an encrypted key is opened, rather than carried along as a thousand numbers that nobody can check.
/// </summary>
internal static class BlowfishTables
{
    /// <summary>Words of the P-array.</summary>
    public const int Subkeys = 18;

    /// <summary>Words of the four S-boxes, one after the other.</summary>
    public const int Substitutions = 4 * 256;

    private const int Bits = (Subkeys + Substitutions) * 32;

    /// <summary>Bits that take up what the divisions below cut off: each of some ten thousand errs by less than the last bit.</summary>
    private const int GuardBits = 64;

    private static readonly Lazy<uint[]> _words = new(MakeWords);

    /// <summary>P-array, then S-boxes.</summary>
    public static ReadOnlySpan<uint> Words => _words.Value;

    private static uint[] MakeWords()
    {
        // Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239). What stands before the point is 3.
        var one = BigInteger.One << (Bits + GuardBits);
        var pi = (16 * ArcTangentOfInverse(5, one)) - (4 * ArcTangentOfInverse(239, one));
        var fraction = ((pi - (3 * one)) >> GuardBits).ToByteArray(isUnsigned: true, isBigEndian: true);

        // The first word, 243F6A88, has zeros in front that the array still keeps: it fills a whole number of words.
        var words = new uint[Bits / 32];
        for (var i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(fraction.AsSpan(i * sizeof(uint)));
        return words;
    }

    /// <summary>arctan(1/n) in units of 1/<paramref name="one"/>: 1/n - 1/(3 n^3) + 1/(5 n^5) - ...</summary>
    private static BigInteger ArcTangentOfInverse(int n, BigInteger one)
    {
        var power = one / n;
        var sum = power;
        for (var k = 3; !power.IsZero; k += 2)
        {
            power /= -n * n;
            sum += power / k;
        }

        return sum;
    }
}
