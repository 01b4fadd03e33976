using System.Buffers;
using System.Runtime.CompilerServices;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Channels;

/// <summary>
/// A channel (RFC 4254, section 5). What the peer sends is handed on by the receive loop; the rest may come from any thread. Its
/// number is free again when both sides have sent SSH_MSG_CHANNEL_CLOSE.
/// </summary>
internal sealed class TunnelChannel(uint number, ChannelWindow window, SendQueue output) : ITunnelChannel
{
    private readonly Lock _gate = new(); // guards all state; messages are posted under it to keep their order, users are never called
    private readonly SendWindow _sendWindow = new();
    private readonly ReceiveWindow _receiveWindow = new(window);
    private readonly TaskCompletionSource<ChannelEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private uint _peerNumber;
    private int _maxData;
    private byte[]? _rented; // belongs to the one sender between rent and commit
    private IChannelSink? _sink;
    private bool _isAttached;
    private ArrayBufferWriter<byte>? _early; // what came before the sink
    private bool _isEofSent;
    private bool _isEofReceived;
    private bool _isCloseSent;

    public Task<ChannelEnd> Ended => _ended.Task;

    /// <summary>The peer told its number, window and packet size: the channel is open.</summary>
    public void Open(uint peerNumber, uint sendWindow, uint maxPacket)
    {
        _peerNumber = peerNumber;
        _maxData = (int)Math.Min(maxPacket, PacketLimits.MaxChannelData);
        _sendWindow.Add(sendWindow);
    }

    public void Attach(IChannelSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        lock (_gate)
        {
            if (_isAttached)
                throw new InvalidOperationException("The channel has its receiver already.");
            _isAttached = true;
        }

        bool isEof;
        while (true)
        {
            ArrayBufferWriter<byte>? early;
            lock (_gate)
            {
                early = _early;
                _early = null;
                if (early is null)
                {
                    _sink = sink;
                    isEof = _isEofReceived;
                    break;
                }
            }

            Deliver(sink, early.WrittenSpan);
        }

        if (isEof)
            sink.Eof();
    }

    public void Credit(int bytes)
    {
        lock (_gate)
        {
            var grant = _receiveWindow.Credit(bytes);
            if (grant > 0 && !_isCloseSent && !_isEofReceived)
                output.Post(new ChannelWindowAdjustMessage(_peerNumber, (uint)grant));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Memory<byte>> RentSendAsync(CancellationToken cancellationToken)
    {
        if (_rented is not null)
            throw new InvalidOperationException("The space rented before has not been committed.");
        // The window first: a channel that may not send must not sit on a slot that others could use.
        var room = await _sendWindow.WaitAsync(cancellationToken).ConfigureAwait(false);
        _rented = await output.Slots.RentAsync(cancellationToken).ConfigureAwait(false);
        return _rented.AsMemory(ChannelDataHeader.Size, (int)Math.Min(room, (uint)_maxData));
    }

    public void Commit(int bytes)
    {
        var slot = _rented ?? throw new InvalidOperationException("No space is rented.");
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _maxData);
        lock (_gate)
        {
            _rented = null;
            if (bytes > 0 && !_isCloseSent && !_isEofSent)
            {
                _sendWindow.Take(bytes);
                ChannelDataHeader.Write(slot, _peerNumber, bytes);
                output.PostData(slot, ChannelDataHeader.Size + bytes);
                return;
            }
        }

        output.Slots.Return(slot);
    }

    public void SendEof()
    {
        lock (_gate)
        {
            if (_isEofSent || _isCloseSent)
                return;
            _isEofSent = true;
            output.Post(new ChannelSignalMessage(MessageNumber.ChannelEof, _peerNumber));
            _sendWindow.Close(new(SshFailure.ClosedLocally, "The end of the channel's bytes was sent already."));
            if (_isEofReceived)
                Close(ChannelEnd.Finished);
        }
    }

    public void Abort()
    {
        lock (_gate)
            Close(ChannelEnd.Aborted);
    }

    /// <summary>The connection is gone, and the channel with it.</summary>
    public void Lose()
    {
        lock (_gate)
        {
            _isCloseSent = true;
            End(ChannelEnd.ConnectionLost);
        }
    }

    public void OnWindowAdjust(uint bytes) => _sendWindow.Add(bytes);

    /// <exception cref="SshException">The peer sent after its end-of-file or more than its window.</exception>
    public void OnData(ReadOnlySpan<byte> data)
    {
        IChannelSink sink;
        lock (_gate)
        {
            Receive(data.Length);
            if (_isCloseSent || data.IsEmpty)
                return; // what was on its way when this side closed; its window is not needed any more
            if (_sink is null)
            {
                (_early ??= new()).Write(data);
                return;
            }

            sink = _sink;
        }

        Deliver(sink, data);
    }

    /// <summary>
    /// RFC 4254, section 5.2: extended data is standard error of a command, which forwarding has not. It takes window, which
    /// returns at once: nobody will ever consume it.
    /// </summary>
    public void OnExtendedData(int bytes)
    {
        lock (_gate)
            Receive(bytes);
        Credit(bytes);
    }

    public void OnEof()
    {
        IChannelSink? sink;
        lock (_gate)
        {
            if (_isEofReceived)
                throw new SshException(SshFailure.ProtocolError, "The peer sent a second end-of-file on a channel.");
            _isEofReceived = true;
            sink = _isCloseSent ? null : _sink;
        }

        sink?.Eof();
        lock (_gate)
        {
            if (_isEofSent)
                Close(ChannelEnd.Finished);
        }
    }

    public void RefuseRequest()
    {
        lock (_gate)
        {
            if (!_isCloseSent)
                output.Post(new ChannelSignalMessage(MessageNumber.ChannelFailure, _peerNumber));
        }
    }

    public void OnClose()
    {
        lock (_gate)
            Close(_isEofReceived ? ChannelEnd.Finished : ChannelEnd.ClosedByPeer);
    }

    private void Receive(int bytes)
    {
        if (_isEofReceived)
            throw new SshException(SshFailure.ProtocolError, "The peer sent data on a channel after its end-of-file.");
        if (bytes > PacketLimits.MaxChannelData)
            throw new SshException(SshFailure.ProtocolError, "The peer sent a larger data packet than it was allowed.");
        if (!_receiveWindow.TryReceive(bytes))
            throw new SshException(SshFailure.ProtocolError, "The peer sent more on a channel than its window allowed.");
    }

    private void Deliver(IChannelSink sink, ReadOnlySpan<byte> data)
    {
        var taken = sink.Accept(data);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(taken, data.Length);
        Credit(taken);
    }

    private void Close(ChannelEnd end)
    {
        if (_isCloseSent)
            return;
        _isCloseSent = true;
        output.Post(new ChannelSignalMessage(MessageNumber.ChannelClose, _peerNumber));
        End(end);
    }

    private void End(ChannelEnd end)
    {
        if (!_ended.TrySetResult(end))
            return;
        _early = end == ChannelEnd.Aborted ? null : _early;
        _sendWindow.Close(end switch
        {
            ChannelEnd.Aborted => new(SshFailure.ClosedLocally, $"Channel {number} was aborted."),
            ChannelEnd.ConnectionLost => new(SshFailure.ConnectionLost, "The SSH connection was lost."),
            _ => new(SshFailure.ClosedByPeer, "The peer closed the channel."),
        });
    }
}
