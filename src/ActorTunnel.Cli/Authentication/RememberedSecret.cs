using System.Security.Cryptography;

namespace ActorTunnel.Cli.Authentication;

/// <summary>One secret in memory. Its array is pinned, so that the garbage collector leaves no copies, and zeroed in the end.</summary>
internal sealed class RememberedSecret : IDisposable
{
    private readonly byte[] _secret;

    public RememberedSecret(ReadOnlySpan<byte> secret, bool proven)
    {
        _secret = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(_secret);
        IsProven = proven;
    }

    /// <summary>Whether it is known to be right. One that is not is never used again by itself.</summary>
    public bool IsProven { get; set; }

    /// <summary>A copy for one use; the user of it zeroes it.</summary>
    public byte[] Copy() => (byte[])_secret.Clone();

    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);
}
