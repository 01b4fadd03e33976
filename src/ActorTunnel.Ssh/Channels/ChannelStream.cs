using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Channels;

/// <summary>
/// A channel as a stream, for control lines and for embedders. Asynchronous only: no thread ever waits for a channel. One read and
/// one write may run at a time.
/// </summary>
/// <remarks>
/// Reading returns 0 only when the peer has sent its end-of-file. A channel that ended otherwise was cut off, and the read throws.
/// <see cref="CompleteWritesAsync"/> ends this side's bytes in order and keeps reading possible. Disposing without it, or before the
/// peer's end, closes the channel at once.
/// </remarks>
public sealed class ChannelStream : Stream, IChannelSink
{
    private readonly ITunnelChannel _channel;
    private readonly Lock _gate = new(); // guards all below
    private readonly ByteBacklog _backlog = new();
    private readonly Waiter<bool> _reader = new();
    private bool _isEof;
    private bool _isDisposed;

    /// <summary>Attaches to the channel, which belongs to the stream from now on.</summary>
    public ChannelStream(ITunnelChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        _channel = channel;
        channel.Attach(this);
        _ = WakeAtEndAsync();
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>
    /// The peer has ended its side or the channel is over, even while bytes that came before are still unread. Reading cannot tell: the end
    /// stands behind those bytes.
    /// </summary>
    public bool HasPeerEnded
    {
        get
        {
            lock (_gate)
                return _isEof || _channel.Ended.IsCompleted;
        }
    }

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The channel ended without the peer's end-of-file.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        while (true)
        {
            ValueTask<bool> arrived;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (_backlog.Count > 0)
                {
                    read = _backlog.Take(buffer.Span);
                    break;
                }

                // A channel finishes only after the peer's end-of-file, but may tell that before the end-of-file has come here.
                var end = _channel.Ended.IsCompleted ? _channel.Ended.Result : (ChannelEnd?)null;
                if (_isEof || end == ChannelEnd.Finished)
                    return 0;
                if (end is { } cutOff)
                    throw new IOException($"The channel was cut off: {Describe(cutOff)}.");
                arrived = _reader.Arm();
            }

            using (cancellationToken.UnsafeRegister(
                static (state, token) => ((Waiter<bool>)state!).TryFail(new OperationCanceledException(token)), _reader))
            {
                await arrived.ConfigureAwait(false);
            }
        }

        _channel.Credit(read);
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>
    /// Sends the bytes, in one packet when the channel's window and packet size allow. Completes when they are queued, not when
    /// they have arrived.
    /// </summary>
    /// <exception cref="IOException">The channel has ended, or writing was completed.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            Memory<byte> space;
            try
            {
                space = await _channel.RentSendAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SshException exception)
            {
                throw new IOException(exception.Message, exception);
            }

            var count = Math.Min(space.Length, buffer.Length);
            buffer.Span[..count].CopyTo(space.Span);
            _channel.Commit(count);
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Sends the end-of-file; what the peer still sends can be read.</summary>
    public ValueTask CompleteWritesAsync()
    {
        _channel.SendEof();
        return ValueTask.CompletedTask;
    }

    /// <summary>Does nothing: bytes are on their way when they are written.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc cref="Flush"/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not supported: use <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A channel is read asynchronously.");

    /// <summary>Not supported: use <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A channel is written asynchronously.");

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    int IChannelSink.Accept(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            if (_isDisposed)
                return data.Length;
            _backlog.Append(data);
            _reader.TryComplete(true);
        }

        return 0;
    }

    void IChannelSink.Eof()
    {
        lock (_gate)
        {
            _isEof = true;
            _reader.TryComplete(true);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
            {
                _isDisposed = true;
                _backlog.Clear();
                _reader.TryFail(new ObjectDisposedException(nameof(ChannelStream)));
            }

            _channel.Abort(); // nothing when the channel has ended
        }

        base.Dispose(disposing);
    }

    private static string Describe(ChannelEnd end) => end switch
    {
        ChannelEnd.ConnectionLost => "the SSH connection was lost",
        ChannelEnd.Aborted => "this side closed it",
        _ => "the peer closed it without an end-of-file",
    };

    private async Task WakeAtEndAsync()
    {
        await _channel.Ended.ConfigureAwait(false);
        lock (_gate)
            _reader.TryComplete(true);
    }
}
