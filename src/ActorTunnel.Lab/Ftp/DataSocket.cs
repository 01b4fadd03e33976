using System.Buffers;
using System.Net.Sockets;

namespace ActorTunnel.Lab.Ftp;

/// <summary>
/// One end of a data connection in stream mode (RFC 959 section 3.4.1), where the close is the end of file. So there are two ways to
/// close: <see cref="FinishAsync"/> says "the file ends here", disposing without it resets the connection and says "this is no file".
/// </summary>
internal sealed class DataSocket(Socket socket, TimeSpan idleTimeout, TimeProvider time) : IDisposable
{
    private const int BlockSize = 64 * 1024;

    private bool _finished;

    /// <summary>Sends all of the source. Returns the bytes sent.</summary>
    /// <exception cref="IOException">The peer broke or refused the connection, or took nothing for the idle timeout.</exception>
    public Task<long> SendAsync(Stream source, Action<ReadOnlyMemory<byte>> onBlock, CancellationToken cancellationToken) =>
        CopyAsync(
            (block, token) => source.ReadAsync(block, token),
            async (block, token) =>
            {
                onBlock(block);
                while (!block.IsEmpty)
                    block = block[await socket.SendAsync(block, token)..];
            },
            cancellationToken);

    /// <summary>Receives until the peer's end of file. Returns the bytes received.</summary>
    /// <exception cref="IOException">The peer reset the connection, or sent nothing for the idle timeout.</exception>
    public Task<long> ReceiveAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken) =>
        CopyAsync((block, token) => socket.ReceiveAsync(block, token), write, cancellationToken);

    /// <summary>Ends the file: everything sent is delivered, then the peer reads end of file.</summary>
    public void Finish()
    {
        socket.Shutdown(SocketShutdown.Send);
        _finished = true;
    }

    public void Dispose()
    {
        if (!_finished)
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    private async Task<long> CopyAsync(
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write,
        CancellationToken cancellationToken)
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
            throw new IOException($"The data connection broke: {e.SocketErrorCode}.", e);
        }
        catch (OperationCanceledException e) when (idle.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The data connection was idle for {idleTimeout.TotalSeconds:0} seconds.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
