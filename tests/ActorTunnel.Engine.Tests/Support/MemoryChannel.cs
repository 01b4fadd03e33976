using System.Buffers;
using System.IO.Pipelines;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>
/// A channel without SSH: this is the end that the engine holds, <see cref="Far"/> is what an SSH server would connect to its target.
/// Windows, half-close, close and loss are those of RFC 4254, section 5.
/// </summary>
internal sealed class MemoryChannel : ITunnelChannel
{
    public const int PacketSize = 32 * 1024;

    /// <summary>What the engine may send before the far side has read it.</summary>
    public const int FarWindow = 256 * 1024;

    private readonly Lock _gate = new(); // guards everything; the sink is called under it, which makes its calls come one at a time
    private readonly MemoryTransport _transport;
    private readonly TaskCompletionSource<ChannelEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Pipe _toFar = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly ArrayBufferWriter<byte> _early = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IChannelSink? _sink;
    private int _sendWindow = FarWindow;
    private int _receiveWindow;
    private int _owed;
    private byte[]? _rented;
    private bool _farEof;

    public MemoryChannel(MemoryTransport transport, ChannelWindow window)
    {
        _transport = transport;
        _receiveWindow = window.Initial;
        Far = new FarEnd(this, _toFar.Reader);
    }

    public FarEnd Far { get; }

    public Task<ChannelEnd> Ended => _ended.Task;

    /// <summary>The engine has sent its end-of-file.</summary>
    public bool EofSent { get; private set; }

    public bool IsOpen => !_ended.Task.IsCompleted;

    /// <summary>Bytes the engine has taken over and not credited yet.</summary>
    public int Owed
    {
        get
        {
            lock (_gate)
                return _owed;
        }
    }

    public void Attach(IChannelSink sink)
    {
        lock (_gate)
        {
            if (_sink is not null)
                _transport.Violation("attached twice");
            _sink = sink;
            if (_early.WrittenCount > 0)
                Deliver(_early.WrittenSpan);
            if (_farEof)
                sink.Eof();
        }
    }

    public void Credit(int bytes)
    {
        lock (_gate)
        {
            if (bytes <= 0 || bytes > _owed)
                _transport.Violation($"credited {bytes} bytes and owed {_owed}");
            _owed -= bytes;
            _receiveWindow += bytes;
            Changed();
        }
    }

    public async ValueTask<Memory<byte>> RentSendAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_rented is not null)
                    _transport.Violation("rented twice");
                if (!IsOpen || EofSent)
                    throw new SshException(SshFailure.ClosedByPeer, "The channel is over.");
                if (_sendWindow > 0)
                    return _rented = new byte[Math.Min(PacketSize, _sendWindow)];
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Commit(int bytes)
    {
        lock (_gate)
        {
            if (_rented is null || bytes > _rented.Length)
                _transport.Violation($"committed {bytes} bytes that were not rented");
            var sent = _rented;
            _rented = null;
            if (bytes == 0 || !IsOpen || EofSent)
                return;
            _sendWindow -= bytes;
            _transport.Journal.Enqueue((this, false));
            _toFar.Writer.Write(sent.AsSpan(0, bytes));
            _ = _toFar.Writer.FlushAsync().AsTask(); // no threshold: never waits
        }
    }

    public void SendEof()
    {
        lock (_gate)
        {
            if (!IsOpen || EofSent)
                return;
            EofSent = true;
            _toFar.Writer.Complete();
            if (_farEof)
                End(ChannelEnd.Finished);
            Changed();
        }
    }

    public void Abort() => End(ChannelEnd.Aborted);

    internal void End(ChannelEnd end)
    {
        lock (_gate)
        {
            if (!_ended.TrySetResult(end))
                return;
            _toFar.Writer.Complete();
            _transport.Gone(this);
            Changed();
        }
    }

    internal async Task SendFromFarAsync(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
        {
            Task changed;
            lock (_gate)
            {
                if (!IsOpen)
                    throw new IOException("The channel is over.");
                var count = Math.Min(Math.Min(data.Length, PacketSize), _receiveWindow);
                if (count > 0)
                {
                    _receiveWindow -= count;
                    if (_sink is null)
                        _early.Write(data.Span[..count]);
                    else
                        Deliver(data.Span[..count]);
                    data = data[count..];
                    continue;
                }

                changed = _changed.Task;
            }

            await changed.Soon();
        }
    }

    internal void EofFromFar()
    {
        lock (_gate)
        {
            if (_farEof || !IsOpen)
                return;
            _farEof = true;
            _sink?.Eof();
            if (EofSent)
                End(ChannelEnd.Finished);
        }
    }

    internal void CloseFromFar()
    {
        lock (_gate)
            End(_farEof ? ChannelEnd.Finished : ChannelEnd.ClosedByPeer);
    }

    internal void ConsumedByFar(int bytes)
    {
        lock (_gate)
        {
            _sendWindow += bytes;
            Changed();
        }
    }

    private void Deliver(ReadOnlySpan<byte> data)
    {
        // Owed before the call: the sink may credit what it keeps before it returns.
        _owed += data.Length;
        var taken = _sink!.Accept(data);
        if (taken < 0 || taken > data.Length)
            _transport.Violation($"took {taken} of {data.Length} bytes");
        if (taken > 0)
            Credit(taken);
    }

    private void Changed()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
