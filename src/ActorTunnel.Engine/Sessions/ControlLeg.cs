using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// One side of an FTP control connection: lines in, lines out. One read is under way at a time; writes go out in the order of the
/// calls, each whole and in one piece (ProFTPD waits for ever when a segment ends between CR and LF).
/// </summary>
internal sealed class ControlLeg(Stream stream) : IDisposable
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1024, leaveOpen: true));
    private readonly CancellationTokenSource _closed = new();
    private Task _written = Task.CompletedTask;
    private Task<ControlLine>? _ahead;

    /// <summary>The next line, or why there is none.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The leg was disposed.</exception>
    public Task<ControlLine> ReadAsync()
    {
        var line = _ahead ?? ReadLineAsync();
        _ahead = null;
        return line;
    }

    /// <summary>What the next <see cref="ReadAsync"/> will give, whoever calls it: to see a peer leave that is not listened to.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The leg was disposed.</exception>
    public async Task<LineStatus> PeekAsync() => (await (_ahead ??= ReadLineAsync()).ConfigureAwait(false)).Status;

    /// <summary>Completes when these bytes, and all before them, are written.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The leg was disposed.</exception>
    public Task WriteAsync(ReadOnlyMemory<byte> lines) => _written = WriteAfterAsync(_written, lines);

    /// <summary>
    /// Everything from here on as it is, what has been read ahead included, to the end of the stream. No line is read any more.
    /// </summary>
    /// <exception cref="IOException">One of the connections broke.</exception>
    /// <exception cref="OperationCanceledException">The leg was disposed.</exception>
    public Task CopyToAsync(Stream other) => _reader.CopyToAsync(other, _closed.Token);

    /// <summary>Ends what is under way. The stream is the owner's.</summary>
    public void Dispose() => _closed.Cancel();

    private async Task<ControlLine> ReadLineAsync()
    {
        while (true)
        {
            var read = await _reader.ReadAsync(_closed.Token).ConfigureAwait(false);
            var rest = read.Buffer;
            var status = ControlLineReader.Read(ref rest, read.IsCompleted, out var line);
            Wipe(read.Buffer.Slice(0, rest.Start));
            // What was looked at in vain is examined: the next read waits for more.
            _reader.AdvanceTo(rest.Start, status == LineStatus.NeedMore ? rest.End : rest.Start);
            if (status != LineStatus.NeedMore)
                return new ControlLine(status, line);
        }
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
        await stream.WriteAsync(lines, _closed.Token).ConfigureAwait(false);
    }
}

/// <summary>What a read of a control connection gave.</summary>
internal readonly record struct ControlLine(LineStatus Status, byte[] Bytes);
