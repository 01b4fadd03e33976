using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Lab.Ftp;

/// <summary>One end of a control connection: lines in, lines out. One reader and one writer at a time.</summary>
internal sealed class ControlConnection : IDisposable
{
    // Idle sessions are many: they wait with an empty read and hold no buffer.
    private static readonly StreamPipeReaderOptions _readerOptions = new(useZeroByteReads: true);

    private readonly Socket _socket;
    private readonly PipeReader _reader;
    private volatile bool _unread;
    private volatile bool _readToEnd;

    public ControlConnection(Socket socket)
    {
        _socket = socket;
        socket.NoDelay = true;

        // An urgent ABOR stays in its place among the other bytes (RFC 959 section 4.1.3).
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);
        Local = (IPEndPoint)socket.LocalEndPoint!;
        Remote = (IPEndPoint)socket.RemoteEndPoint!;
        _reader = PipeReader.Create(new NetworkStream(socket, ownsSocket: false), _readerOptions);
    }

    public IPEndPoint Local { get; }

    public IPEndPoint Remote { get; }

    /// <summary>
    /// The peer closed or reset its end and everything it said is read. Asks the socket too, because the reader may not have come to the
    /// end yet; safe beside the reader.
    /// </summary>
    public bool PeerHasClosed => !_unread && (_readToEnd || (_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && _socket.Available == 0));

    /// <summary>The next line with its end; null when the peer closed after a whole line.</summary>
    /// <exception cref="EndOfStreamException">It closed in the middle of one.</exception>
    /// <exception cref="InvalidDataException">The line is longer than <see cref="ControlLineReader.MaxLineLength"/>.</exception>
    public async Task<byte[]?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            var status = ControlLineReader.Read(ref buffer, result.IsCompleted, out var line);
            _unread = !buffer.IsEmpty;
            _readToEnd = result.IsCompleted;
            _reader.AdvanceTo(buffer.Start, status == LineStatus.NeedMore ? buffer.End : buffer.Start);
            switch (status)
            {
                case LineStatus.Line:
                    return line;
                case LineStatus.End:
                    return null;
                case LineStatus.CutOff:
                    throw new EndOfStreamException("The control connection ended in the middle of a line.");
                case LineStatus.Part:
                    throw new InvalidDataException($"A line is longer than {ControlLineReader.MaxLineLength} bytes.");
            }
        }
    }

    /// <summary>Writes a line, or several with line ends between them, whole.</summary>
    /// <exception cref="IOException">The peer does not read.</exception>
    public async Task WriteLineAsync(string text, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(text + "\r\n");
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await _socket.SendAsync(bytes, either.Token)..];
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException("The peer does not read its control connection.", e);
        }
    }

    public void Dispose() => _socket.Dispose();
}
