using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// Carries bytes between a local socket and a channel, and decides nothing. It tells its owner what happened
/// (<see cref="RelayEvent"/>); the owner says what that means: <see cref="FinishSocket"/>, <see cref="FinishChannel"/> or
/// <see cref="Reset"/>. Nobody else touches the socket. Whatever else closes it, a kill of this process included, is a reset too.
/// </summary>
/// <remarks>
/// Channel to socket: bytes are written on the SSH receive loop when the socket takes them at once; what it does not take waits in
/// <see cref="_backlog"/>, at most the window granted, until a task of its own has sent it and returned the window.
/// Socket to channel: the socket is waited for without a buffer, and read straight into the next packet.
/// </remarks>
internal sealed class RelayPump : IChannelSink, IDisposable
{
    private readonly Socket _socket;
    private readonly ITunnelChannel _channel;
    private readonly IActorRef _owner;
    private readonly Pace _toSocket; // As the socket's sending side: of the receive loop while nothing waits, else of the drain task.
    private readonly Pace _toChannel;
    private readonly CancellationTokenSource _stopped = new();
    private readonly CancellationToken _stop;

    // Written by the receive loop, read by the drain task. Made when the socket is first slower than the channel.
    private Pipe? _backlog;
    private long _backlogBytes;
    private bool _channelEof;
    private int _socketGone;
    private int _ended;
    private bool _finished;
    private long _bytesToSocket;
    private long _bytesToChannel;

    /// <param name="socket">The pump's.</param>
    /// <param name="channel">The owner's.</param>
    /// <param name="owner">Hears what happens.</param>
    /// <param name="rate">Bytes a second each way; null: as many as go.</param>
    /// <param name="time">For the rate; null: the system's clock.</param>
    public RelayPump(Socket socket, ITunnelChannel channel, IActorRef owner, long? rate = null, TimeProvider? time = null)
    {
        _toSocket = new Pace(rate, time ?? TimeProvider.System);
        _toChannel = new Pace(rate, time ?? TimeProvider.System);

        _socket = socket;
        _channel = channel;
        _owner = owner;
        _stop = _stopped.Token;
        _socket.Blocking = false;
        TcpSocket.EndByReset(_socket, true);
    }

    /// <summary>Bytes that the socket has taken.</summary>
    public long BytesToSocket => Volatile.Read(ref _bytesToSocket);

    /// <summary>Bytes put into the channel.</summary>
    public long BytesToChannel => Volatile.Read(ref _bytesToChannel);

    /// <summary>Starts both directions. The owner hears of every end by a message.</summary>
    public void Start()
    {
        _channel.Attach(this);
        _ = ReadSocketAsync();
        _channel.Ended.PipeTo(_owner, success: end => new RelayEvent.ChannelEnded(this, end));
    }

    /// <summary>Sends FIN to the local peer: its end-of-file. Only after <see cref="RelayEvent.Delivered"/>.</summary>
    public void FinishSocket()
    {
        Volatile.Write(ref _finished, true);
        TcpSocket.EndByReset(_socket, false);
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            SocketLost();
        }
    }

    /// <summary>
    /// Sends end-of-file into the channel. Only after <see cref="RelayEvent.SocketEof"/>, or to answer the channel's own.
    /// </summary>
    public void FinishChannel() => _channel.SendEof();

    /// <summary>Ends the local connection so that it cannot be taken for an end-of-file. The channel is left to the owner.</summary>
    public void Reset()
    {
        if (StopPumping())
            TcpSocket.Reset(_socket);
    }

    /// <summary>Closes the local connection in order, after everything was said.</summary>
    public void Dispose()
    {
        if (!StopPumping())
            return;
        TcpSocket.EndByReset(_socket, false);
        _socket.Dispose();
    }

    int IChannelSink.Accept(ReadOnlySpan<byte> data)
    {
        var sent = 0;
        if (Volatile.Read(ref _socketGone) != 0)
            return data.Length;
        if (Volatile.Read(ref _backlogBytes) == 0)
        {
            sent = SendNow(data);
            if (sent == data.Length)
                return sent;
        }

        KeepForLater(data[sent..]);
        return sent;
    }

    void IChannelSink.Eof()
    {
        _owner.Tell(new RelayEvent.ChannelEof(this));
        if (Volatile.Read(ref _socketGone) != 0)
            return; // What came since was thrown away: it is not delivered.
        if (_backlog is null)
        {
            _owner.Tell(new RelayEvent.Delivered(this));
        }
        else
        {
            _channelEof = true;
            _backlog.Writer.Complete();
        }
    }

    private int SendNow(ReadOnlySpan<byte> data)
    {
        try
        {
            var allowed = data[.._toSocket.Allowed(data.Length)];
            if (allowed.IsEmpty)
                return 0;
            var sent = _socket.Send(allowed, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                _bytesToSocket += sent;
                _toSocket.Spend(sent);
                return sent;
            }

            if (error == SocketError.WouldBlock)
                return 0;
        }
        catch (ObjectDisposedException)
        {
            // Reset or closed by the owner in this very moment.
        }

        SocketLost();
        return data.Length;
    }

    private void KeepForLater(ReadOnlySpan<byte> data)
    {
        if (_backlog is null)
        {
            // No thresholds: the channel's window bounds what can be waiting here.
            _backlog = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
            _ = DrainAsync(_backlog.Reader);
        }

        Interlocked.Add(ref _backlogBytes, data.Length);
        _backlog.Writer.Write(data);
        var flushed = _backlog.Writer.FlushAsync();
        System.Diagnostics.Debug.Assert(flushed.IsCompleted, "A pipe without thresholds never makes its writer wait.");
    }

    private async Task DrainAsync(PipeReader reader)
    {
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(_stop).ConfigureAwait(false);
                foreach (var segment in read.Buffer)
                    await SendWholeAsync(segment).ConfigureAwait(false);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted && _channelEof)
                {
                    _owner.Tell(new RelayEvent.Delivered(this));
                    break;
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            SocketLost();
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask SendWholeAsync(ReadOnlyMemory<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            await _toSocket.WaitAsync(_stop).ConfigureAwait(false);
            var allowed = segment[.._toSocket.Allowed(segment.Length)];
            var sent = await _socket.SendAsync(allowed, SocketFlags.None, _stop).ConfigureAwait(false);
            segment = segment[sent..];
            _bytesToSocket += sent;
            _toSocket.Spend(sent);
            // Only after the send: the receive loop may write to the socket itself as soon as nothing waits.
            Interlocked.Add(ref _backlogBytes, -sent);
            _channel.Credit(sent);
        }
    }

    private async Task ReadSocketAsync()
    {
        try
        {
            while (true)
            {
                await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, _stop).ConfigureAwait(false);
                if (!await FillPacketsAsync().ConfigureAwait(false))
                    break;
            }

            if (!Volatile.Read(ref _finished) && TcpSocket.WasReset(_socket))
                SocketLost();
            else
                _owner.Tell(new RelayEvent.SocketEof(this));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            SocketLost();
        }
        catch (SshException)
        {
            // The channel has ended; the owner hears that from Ended, with the way it ended.
        }
    }

    /// <summary>Moves what the socket has now. False at its end-of-file.</summary>
    private async ValueTask<bool> FillPacketsAsync()
    {
        while (true)
        {
            await _toChannel.WaitAsync(_stop).ConfigureAwait(false); // Before the rent: a packet on loan may hold up other channels.
            var space = await _channel.RentSendAsync(_stop).ConfigureAwait(false);
            space = space[.._toChannel.Allowed(space.Length)];
            var count = 0;
            var error = SocketError.SocketError;
            try
            {
                count = _socket.Receive(space.Span, SocketFlags.None, out error);
            }
            finally
            {
                _channel.Commit(count);
            }

            if (error == SocketError.WouldBlock)
                return true;
            if (error != SocketError.Success)
                throw new SocketException((int)error);
            if (count == 0)
                return false;
            _bytesToChannel += count;
            _toChannel.Spend(count);
            if (count < space.Length)
                return true;
        }
    }

    private bool StopPumping()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        Volatile.Write(ref _socketGone, 1);
        _stopped.Cancel();
        _stopped.Dispose();
        return true;
    }

    private void SocketLost()
    {
        if (Interlocked.Exchange(ref _socketGone, 1) == 0)
            _owner.Tell(new RelayEvent.SocketLost(this));
    }
}
