using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Lab.Ftp;

/// <summary>
/// One end of a data connection in stream mode (RFC 959 section 3.4.1), where a clean close is the end of file. So the socket is closed
/// cleanly only when the file went through whole; disposed before that it resets the connection, which says "this is no file".
/// </summary>
internal sealed class DataSocket(Socket socket, TimeSpan idleTimeout, TimeProvider time) : IDisposable
{
    private const int BlockSize = 64 * 1024;

    // Some clients keep the data connection open until they hear the final reply, so waiting for their close has to end.
    private static readonly TimeSpan _closeGrace = TimeSpan.FromSeconds(2);

    private bool _ended;
    private bool _disposed;

    public IPEndPoint Peer { get; } = (IPEndPoint)socket.RemoteEndPoint!;

    /// <summary>Sends all of the source and then end of file. Returns the bytes sent.</summary>
    /// <exception cref="DataConnectionException">The peer broke the connection, or took nothing for the idle timeout.</exception>
    public async Task<long> SendAsync(Stream source, BlockHandler onBlock, CancellationToken cancellationToken)
    {
        var sent = await CopyAsync(
            source.ReadAsync,
            async (block, token) =>
            {
                await onBlock(block, token);
                while (!block.IsEmpty)
                    block = block[await socket.SendAsync(block, token)..];
            },
            cancellationToken);
        End();
        return sent;
    }

    /// <summary>Receives until the peer's end of file. Returns the bytes received.</summary>
    /// <exception cref="DataConnectionException">The peer reset the connection, or sent nothing for the idle timeout.</exception>
    public async Task<long> ReceiveAsync(BlockHandler write, CancellationToken cancellationToken)
    {
        var received = await CopyAsync(socket.ReceiveAsync, write, cancellationToken);
        End();
        return received;
    }

    /// <summary>
    /// After sending: waits for the peer to close as well, which it does when it has read everything; a reset instead means that it has
    /// not. ProFTPD does the same before it says 226.
    /// </summary>
    /// <exception cref="DataConnectionException">The peer reset the connection.</exception>
    public async Task WaitForCloseAsync(CancellationToken cancellationToken)
    {
        using var grace = new CancellationTokenSource(_closeGrace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, cancellationToken);
        try
        {
            var nothing = new byte[1];
            while (await socket.ReceiveAsync(nothing, either.Token) > 0)
            {
            }
        }
        catch (SocketException e)
        {
            _ended = false;
            throw Broken(e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Everything is sent and nothing says that it did not arrive.
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (!_ended)
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    private static DataConnectionException Broken(SocketException e) => new($"The data connection broke: {e.SocketErrorCode}.", e);

    private void End()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            _ended = true;
        }
        catch (SocketException e)
        {
            throw Broken(e);
        }
    }

    private async Task<long> CopyAsync(
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read, BlockHandler write, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(idleTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        var total = 0L;
        try
        {
            while (await read(block, either.Token) is > 0 and var count)
            {
                await write(block.AsMemory(0, count), either.Token);
                total += count;
                idle.CancelAfter(idleTimeout);
            }

            return total;
        }
        catch (SocketException e)
        {
            throw Broken(e);
        }
        catch (OperationCanceledException e) when (idle.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new DataConnectionException($"The data connection stood still for {idleTimeout.TotalSeconds:0} seconds.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
