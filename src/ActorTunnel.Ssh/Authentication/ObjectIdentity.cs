using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>A number for each object that has been asked for, never given twice: hash codes are.</summary>
internal static class ObjectIdentity
{
    private static readonly ConditionalWeakTable<object, StrongBox<long>> _numbers = [];
    private static long _last;

    public static void Add(IncrementalHash hash, object value)
    {
        ArgumentNullException.ThrowIfNull(hash);
        var number = _numbers.GetValue(value, _ => new StrongBox<long>(Interlocked.Increment(ref _last))).Value;
        hash.AppendData(BitConverter.GetBytes(number));
    }
}
