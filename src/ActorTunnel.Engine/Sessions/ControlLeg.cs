using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// One side of an FTP control connection: lines in, lines out. One read is under way at a time; writes go out in the order of the
/// calls, each whole and in one piece (ProFTPD waits for ever when a segment ends between CR and LF). Telnet options are refused here.
/// </summary>
internal sealed class ControlLeg(Stream stream) : IDisposable
{
    /// <summary>Bytes that are looked through for the peer's end while nobody takes lines.</summary>
    public const int MaxAhead = 64 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1024, leaveOpen: true));
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _writing = new(); // guards _written: refusals of options are written by the read
    private Task _written = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private bool _isInLine;

    /// <summary>Bytes of a line that comes whole.</summary>
    public int MaxLineLength { get; set; } = ControlLineReader.MaxLineLength;

    /// <summary>The next line or part of one, or why there is none.</summary>
    /// <param name="isInReply">
    /// The lines that come now are text in the middle of a reply, and whatever one begins with is not for Telnet.
    /// </param>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The leg was disposed.</exception>
    public async Task<ControlLine> ReadAsync(bool isInReply = false)
    {
        await StopWatchingAsync().ConfigureAwait(false);
        while (true)
        {
            var read = await _reader.ReadAsync(_closed.Token).ConfigureAwait(false);
            var rest = read.Buffer;
            if (!_isInLine && !isInReply && Telnet.TryTakeNegotiation(ref rest, out var answer))
            {
                _reader.AdvanceTo(rest.Start);
                await WriteAsync(answer).ConfigureAwait(false); // Who asks and asks has to read, too.
                continue;
            }

            if (!_isInLine && !isInReply && ControlLineReader.BeginsTls(rest))
            {
                _reader.AdvanceTo(rest.Start);
                return new ControlLine(LineStatus.Tls, []);
            }

            var status = ControlLineReader.Read(ref rest, read.IsCompleted, out var line, MaxLineLength);
            Wipe(read.Buffer.Slice(0, rest.Start));
            // What was looked at in vain is examined: the next read waits for more.
            _reader.AdvanceTo(rest.Start, status == LineStatus.NeedMore ? rest.End : rest.Start);
            if (status == LineStatus.NeedMore)
                continue;
            _isInLine = status == LineStatus.Part;
            return new ControlLine(status, line);
        }
    }

    /// <summary>
    /// Looks for the end of a client that is not listened to, and takes nothing. True: it has left, with no QUIT among what it has said
    /// before. False: the next line is wanted, or there is too much to look through.
    /// </summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The leg was disposed.</exception>
    public async Task<bool> WatchAsync()
    {
        await StopWatchingAsync().ConfigureAwait(false);
        var watching = LookAheadAsync();
        _watching = watching;
        return await watching.ConfigureAwait(false);
    }

    /// <summary>Completes when these bytes, and all before them, are written.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The leg was disposed.</exception>
    public Task WriteAsync(ReadOnlyMemory<byte> lines)
    {
        lock (_writing)
            return _written = WriteAfterAsync(_written, lines);
    }

    /// <summary>
    /// Everything from here on as it is, what has been read ahead included, to the end of the stream. No line is read any more.
    /// </summary>
    /// <exception cref="IOException">One of the connections broke.</exception>
    /// <exception cref="OperationCanceledException">The leg was disposed.</exception>
    public async Task CopyToAsync(Stream other)
    {
        await StopWatchingAsync().ConfigureAwait(false);
        await _reader.CopyToAsync(other, _closed.Token).ConfigureAwait(false);
    }

    /// <summary>Ends what is under way. The stream is the owner's.</summary>
    public void Dispose() => _closed.Cancel();

    private async Task<bool> LookAheadAsync()
    {
        while (true)
        {
            var read = await _reader.ReadAsync(_closed.Token).ConfigureAwait(false);
            var isOver = read.IsCanceled || read.IsCompleted || read.Buffer.Length >= MaxAhead;
            var hasLeft = read.IsCompleted && !read.IsCanceled && !SaysQuit(read.Buffer, MaxLineLength);
            _reader.AdvanceTo(read.Buffer.Start, isOver ? read.Buffer.Start : read.Buffer.End);
            if (isOver)
                return hasLeft;
        }
    }

    private async Task StopWatchingAsync()
    {
        if (_watching.IsCompleted)
            return;
        _reader.CancelPendingRead();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Whoever watches hears of it, and the next read does.
    }

    private static bool SaysQuit(ReadOnlySequence<byte> unread, int maxLineLength)
    {
        while (ControlLineReader.Read(ref unread, endOfStream: true, out var line, maxLineLength) is LineStatus.Line or LineStatus.Part)
        {
            var command = FtpCommand.Parse(line);
            command.Erase();
            if (command.Verb == FtpVerb.Quit)
                return true;
        }

        return false;
    }

    /// <summary>A line may be a password; the buffer is used again by others.</summary>
    private static void Wipe(ReadOnlySequence<byte> consumed)
    {
        foreach (var part in consumed)
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(part).Span);
    }

    private async Task WriteAfterAsync(Task earlier, ReadOnlyMemory<byte> lines)
    {
        await earlier.ConfigureAwait(false);
        if (!lines.IsEmpty)
            await stream.WriteAsync(lines, _closed.Token).ConfigureAwait(false);
    }
}

/// <summary>What a read of a control connection gave.</summary>
internal readonly record struct ControlLine(LineStatus Status, byte[] Bytes);
