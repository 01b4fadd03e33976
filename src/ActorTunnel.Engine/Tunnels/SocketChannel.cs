using System.Buffers;
using System.Net.Sockets;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// A connection of this machine in the place of a channel, for sessions without SSH. What a channel cannot do, a socket can: a reset of
/// the peer's arrives here, and <see cref="Abort"/> is one there. Owns the socket. Until this side's end-of-file is due, whatever
/// closes the socket is a reset, a kill of this process included.
/// </summary>
/// <remarks>
/// The window is what the sink may owe; more stays in the kernel, which slows the peer down, so it need not grow. At most one rented
/// buffer waits for the socket, and the next is lent when that one is gone.
/// </remarks>
internal sealed class SocketChannel : ITunnelChannel
{
    /// <summary>What a packet of SSH carries at most: buffers of the same size on both ways.</summary>
    private const int BufferSize = 32 * 1024;

    /// <summary>For a peer that has sent its end-of-file, has been told ours, and does not take the last bytes before it.</summary>
    private static readonly TimeSpan _lastBytesPatience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private readonly int _window;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<ChannelEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new(); // guards all below; neither the sink nor a wait is under it
    private IChannelSink? _sink;
    private int _owed;
    private TaskCompletionSource? _credited;
    private byte[]? _rented;
    private bool _sending;
    private Task _sent = Task.CompletedTask;
    private bool _eofDue;
    private bool _eofSent;
    private bool _peerAtEnd;

    // The same, and the sink has heard of it.
    private bool _peerEof;
    private bool _sendFailed;

    public SocketChannel(Socket socket, ChannelWindow window, TimeProvider time)
    {
        _socket = socket;
        _window = window.Initial;
        _time = time;
        socket.Blocking = false;
        TcpSocket.EndByReset(socket, true);
    }

    public Task<ChannelEnd> Ended => _ended.Task;

    public void Attach(IChannelSink sink)
    {
        lock (_gate)
        {
            if (_sink is not null)
                throw new InvalidOperationException("A channel has one receiver.");
            _sink = sink;
        }

        _ = ReceiveAsync(sink);
    }

    public void Credit(int bytes)
    {
        lock (_gate)
        {
            _owed -= bytes;
            WakeReceiver();
        }
    }

    public async ValueTask<Memory<byte>> RentSendAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task sent;
            lock (_gate)
            {
                if (_rented is not null)
                    throw new InvalidOperationException("One packet is filled at a time.");
                if (_eofDue || _sendFailed || _ended.Task.IsCompleted)
                    throw new SshException(SshFailure.ClosedByPeer, "The connection is over.");
                if (!_sending)
                    return _rented = ArrayPool<byte>.Shared.Rent(BufferSize);
                sent = _sent;
            }

            await sent.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Commit(int bytes)
    {
        lock (_gate)
        {
            var buffer = _rented ?? throw new InvalidOperationException("Nothing was rented.");
            _rented = null;
            if (bytes == 0 || _eofDue || _ended.Task.IsCompleted)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return;
            }

            _sending = true;
            _sent = SendAsync(buffer, bytes);
        }
    }

    public void SendEof()
    {
        lock (_gate)
        {
            if (_eofDue || _ended.Task.IsCompleted)
                return;
            _eofDue = true;
            if (!_sending)
                ShutDown();
            FinishIfDue();
        }
    }

    /// <summary>Of what is over both ways nothing is taken back, though the sink has just heard of the end, and may be who calls.</summary>
    public void Abort()
    {
        lock (_gate)
            End(_eofDue && _peerAtEnd ? ChannelEnd.Finished : ChannelEnd.Aborted);
    }

    private async Task SendAsync(byte[] buffer, int count)
    {
        try
        {
            for (var start = 0; start < count;)
                start += await _socket.SendAsync(buffer.AsMemory(start, count - start), SocketFlags.None).ConfigureAwait(false);
            lock (_gate)
            {
                _sending = false;
                if (_eofDue)
                    ShutDown();
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            SendFailed();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What the peer sent before it went may still be unread: whoever receives comes to its end, and says how it was.</summary>
    private void SendFailed()
    {
        lock (_gate)
        {
            _sendFailed = true;
            if (_ended.Task.IsCompleted)
                TcpSocket.Reset(_socket); // These were the last bytes.
            else if (_peerEof)
                End(ChannelEnd.ClosedByPeer);
        }
    }

    /// <summary>FIN. Closing is no reset any more: all that was to be said is said.</summary>
    private void ShutDown()
    {
        _eofSent = true;
        TcpSocket.EndByReset(_socket, false);
        try
        {
            if (_ended.Task.IsCompleted)
                _socket.Dispose(); // It has finished, and these were the last bytes.
            else
                _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            SendFailed();
        }
    }

    private async Task ReceiveAsync(IChannelSink sink)
    {
        try
        {
            do
            {
                await RoomAsync().ConfigureAwait(false);
                await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
            }
            while (Deliver(sink));
            PeerEnded(sink);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            End(ChannelEnd.ClosedByPeer); // Or it has ended already, by us.
        }
    }

    private Task RoomAsync()
    {
        lock (_gate)
        {
            if (_owed < _window)
                return Task.CompletedTask;
            _credited ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _credited.Task;
        }
    }

    /// <summary>What is there now. False at the end.</summary>
    private bool Deliver(IChannelSink sink)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int room;
            lock (_gate)
                room = Math.Min(BufferSize, _window - _owed);
            var count = _socket.Receive(buffer.AsSpan(0, room), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return true;
            if (error != SocketError.Success)
                throw new SocketException((int)error);
            if (count == 0)
                return false;
            // Owed before the call: the sink may credit what it keeps before it returns.
            lock (_gate)
                _owed += count;
            var taken = sink.Accept(buffer.AsSpan(0, count));
            if (taken > 0)
                Credit(taken);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The kernel tells of a reset once: when a send has heard of it, it looks like an end-of-file here.</summary>
    private void PeerEnded(IChannelSink sink)
    {
        lock (_gate)
        {
            if (_sendFailed || (!_eofSent && TcpSocket.WasReset(_socket)))
                End(ChannelEnd.ClosedByPeer);
            if (_ended.Task.IsCompleted)
                return;
            _peerAtEnd = true;
        }

        sink.Eof();
        lock (_gate)
        {
            _peerEof = true;
            if (_sendFailed)
                End(ChannelEnd.ClosedByPeer);
            FinishIfDue();
        }
    }

    private void FinishIfDue()
    {
        if (_eofDue && _peerEof)
            End(ChannelEnd.Finished);
    }

    private void End(ChannelEnd end)
    {
        lock (_gate)
        {
            if (!_ended.TrySetResult(end))
                return;
            if (end != ChannelEnd.Finished)
                TcpSocket.Reset(_socket);
            else if (_eofSent)
                _socket.Dispose();
            else
                _ = ResetLaterAsync();
            WakeReceiver();
        }
    }

    /// <summary>The send that is under way closes it; unless the peer does not let it end.</summary>
    private async Task ResetLaterAsync()
    {
        await Task.Delay(_lastBytesPatience, _time).ConfigureAwait(false);
        TcpSocket.Reset(_socket);
    }

    private void WakeReceiver()
    {
        _credited?.SetResult();
        _credited = null;
    }
}
