using System.Buffers;

namespace ActorTunnel.Ssh.Channels;

/// <summary>
/// Bytes that were received and not yet read: a first-in first-out buffer that grows as needed (its user's window is the bound) and
/// gives its memory back when it is empty. Not thread-safe.
/// </summary>
internal sealed class ByteBacklog
{
    private byte[] _buffer = [];
    private int _start;

    public int Count { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        if (_start + Count + data.Length > _buffer.Length)
            MakeRoom(Count + data.Length);
        data.CopyTo(_buffer.AsSpan(_start + Count));
        Count += data.Length;
    }

    public int Take(Span<byte> destination)
    {
        var taken = Math.Min(Count, destination.Length);
        _buffer.AsSpan(_start, taken).CopyTo(destination);
        _start += taken;
        Count -= taken;
        if (Count == 0)
            Clear();
        return taken;
    }

    public void Clear()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = Count = 0;
    }

    private void MakeRoom(int size)
    {
        var old = _buffer;
        if (size > old.Length)
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(size, old.Length * 2));
        old.AsSpan(_start, Count).CopyTo(_buffer);
        _start = 0;
        if (old.Length > 0 && old != _buffer)
            ArrayPool<byte>.Shared.Return(old);
    }
}
