using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>
/// One secret in memory. Its array is pinned, so that the garbage collector leaves no copies, and zeroed in the end.
/// Members may be called from any thread.
/// </summary>
public sealed class Secret : IDisposable
{
    private readonly Lock _gate = new(); // guards both below: who reads must not see half of the zeroing
    private readonly byte[] _bytes;
    private bool _isDisposed;

    /// <summary>Copies the secret; the caller zeroes its own.</summary>
    public Secret(ReadOnlySpan<byte> secret)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(_bytes);
    }

    /// <summary>For tests: nothing of it is left.</summary>
    internal bool IsZeroed => !_bytes.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>A copy for one use; the user of it zeroes it.</summary>
    /// <exception cref="ObjectDisposedException">It has been zeroed.</exception>
    public byte[] Copy()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return (byte[])_bytes.Clone();
        }
    }

    /// <summary>The same secret with a life of its own.</summary>
    /// <exception cref="ObjectDisposedException">It has been zeroed.</exception>
    public Secret Clone()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new Secret(_bytes);
        }
    }

    /// <summary>Adds it to a keyed hash.</summary>
    /// <exception cref="ObjectDisposedException">It has been zeroed.</exception>
    public void AddTo(IncrementalHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            hash.AppendData(_bytes);
        }
    }

    /// <summary>Whether both hold the same bytes; one that has been zeroed is like none.</summary>
    internal bool IsLike(Secret other)
    {
        byte[]? own = null;
        byte[]? others = null;
        try
        {
            (own, others) = (Copy(), other.Copy()); // One lock at a time: two secrets may be compared both ways at once.
            return CryptographicOperations.FixedTimeEquals(own, others);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(own);
            CryptographicOperations.ZeroMemory(others);
        }
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => "(secret)";

    /// <summary>Zeroes it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            CryptographicOperations.ZeroMemory(_bytes);
        }
    }
}
