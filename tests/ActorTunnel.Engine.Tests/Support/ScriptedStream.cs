namespace ActorTunnel.Engine.Tests.Support;

/// <summary>A connection whose peer says these bytes and then leaves, whatever it hears.</summary>
internal sealed class ScriptedStream(params byte[] answers) : Stream
{
    private readonly MemoryStream _written = new();
    private int _read;

    /// <summary>What the peer has heard.</summary>
    public byte[] Written => _written.ToArray();

    /// <summary>What nobody has read yet.</summary>
    public byte[] Unread => answers[_read..];

    /// <summary>Reading behind the last byte fails with this instead of an end-of-file.</summary>
    public IOException? Breaks { get; init; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var taken = Math.Min(count, answers.Length - _read);
        if (taken == 0 && Breaks is not null)
            throw Breaks;
        answers.AsSpan(_read, taken).CopyTo(buffer.AsSpan(offset));
        _read += taken;
        return taken;
    }

    public override void Write(byte[] buffer, int offset, int count) => _written.Write(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _written.Dispose();
        base.Dispose(disposing);
    }
}
