using System.Security.Cryptography;

namespace ActorTunnel.Lab.Ftp.Storage;

/// <summary>
/// What is left of an upload to <see cref="GeneratedStorage"/>: its length and, once complete, its SHA-256. The hash goes on where it
/// stopped, so an upload can be resumed at its end.
/// </summary>
internal sealed class UploadedFile : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Lock _lock = new();
    private bool _writing;
    private bool _disposed;

    public long Length { get; private set; }

    /// <summary>The SHA-256 of all bytes; null unless the last upload was complete.</summary>
    public byte[]? Sha256 { get; private set; }

    public bool IsComplete => Sha256 is not null;

    /// <summary>Makes the caller the one writer, who must come back with <see cref="EndWrite"/>.</summary>
    public void BeginWrite(long offset)
    {
        lock (_lock)
        {
            if (_writing || offset != Length)
                throw new IOException("An upload goes on only at its end, and one client at a time.");
            _writing = true;
            Sha256 = null;
        }
    }

    public void Append(ReadOnlySpan<byte> block)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _hash.AppendData(block);
            Length += block.Length;
        }
    }

    public void EndWrite(bool complete)
    {
        lock (_lock)
        {
            _writing = false;
            if (complete && !_disposed)
                Sha256 = _hash.GetCurrentHash();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _hash.Dispose();
        }
    }
}
