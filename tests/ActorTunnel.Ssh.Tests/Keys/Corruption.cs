using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Keys;

/// <summary>Feeds a parser what it reads, with one byte changed: any byte, to any other value.</summary>
internal static class Corruption
{
    public static void Try(ReadOnlySpan<byte> original, Action<byte[]> parse, int tries = 300)
    {
        var bytes = original.ToArray();
        var changes = from position in Gen.Choose(0, bytes.Length - 1)
                      from difference in Gen.Choose(1, byte.MaxValue)
                      select (position, difference);
        Prop.ForAll(changes.ToArbitrary(), change =>
        {
            byte[] changed = [.. bytes];
            changed[change.position] ^= (byte)change.difference;
            parse(changed);
        }).Check(Seeded.Cases.WithMaxTest(tries));
    }
}
