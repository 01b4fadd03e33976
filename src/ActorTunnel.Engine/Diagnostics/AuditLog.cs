using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>
/// Audit as JSON lines, to a file, to the console, or both. Who tells of something never waits for the disk: what cannot be queued or
/// written is counted, and a line with that number is written as soon as one can be. Members may be called from any thread.
/// </summary>
public sealed class AuditLog : IAuditSink, IAsyncDisposable
{
    /// <summary>Some seconds of a very busy hub.</summary>
    internal const int Capacity = 8192;

    /// <summary>Bytes written at a time.</summary>
    private const int BatchSize = 64 * 1024;

    /// <summary>For a disk that does not answer.</summary>
    private static readonly TimeSpan _lastWordPatience = TimeSpan.FromSeconds(5);

    // Null wakes the writer, for it to open its file anew.
    private readonly Channel<AuditRecord?> _queue = Channel.CreateBounded<AuditRecord?>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly ArrayBufferWriter<byte> _batch = new(BatchSize);
    private readonly List<AuditTarget> _targets = [];
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _writing;
    private long _notQueued;

    /// <summary>Opens the file; lines are appended to it.</summary>
    /// <param name="path">The file; null: none. A new one is readable by its owner and group.</param>
    /// <param name="console">The console; null: none. The caller's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when lines are lost.</param>
    /// <exception cref="TunnelException">The file cannot be written.</exception>
    public AuditLog(string? path, TextWriter? console, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _logger = logger;
        if (path is not null)
            _targets.Add(new AuditFile(path));
        if (console is not null)
            _targets.Add(new AuditConsole(console));
        _writing = Task.Run(WriteAsync);
    }

    /// <inheritdoc/>
    public void Write(AuditRecord record)
    {
        if (!_queue.Writer.TryWrite(record))
            Interlocked.Increment(ref _notQueued);
    }

    /// <summary>After the file has been renamed: the lines that follow go to a new one of its name.</summary>
    public void Reopen()
    {
        foreach (var target in _targets)
            target.Reopen();
        _queue.Writer.TryWrite(null); // When there is no room for it, the writer is awake.
    }

    /// <summary>Writes what is queued, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
            return;
        try
        {
            await _writing.WaitAsync(_lastWordPatience, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.AuditUnfinished(_queue.Reader.Count);
        }
    }

    private async Task WriteAsync()
    {
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var lines = Gather();
            var lost = Interlocked.Exchange(ref _notQueued, 0);
            foreach (var target in _targets)
                Write(target, lines, lost);
            _batch.ResetWrittenCount();
        }

        // What came too late for the queue has had no batch to go with.
        var late = Interlocked.Exchange(ref _notQueued, 0);
        foreach (var target in _targets)
        {
            Write(target, 0, late);
            target.Dispose();
        }
    }

    private int Gather()
    {
        var lines = 0;
        while (_batch.WrittenCount < BatchSize && _queue.Reader.TryRead(out var record))
        {
            if (record is null)
                continue;
            AuditJson.Append(_batch, record);
            lines++;
        }

        return lines;
    }

    private void Write(AuditTarget target, int lines, long lost)
    {
        if (lost > 0)
            _logger.AuditLost(target.Name, lost, $"more than {Capacity} lines waited");
        target.Lost += lost;
        try
        {
            target.OpenIfDue();
            if (target.Lost > 0)
            {
                var notice = new ArrayBufferWriter<byte>();
                var now = _time.GetUtcNow().UtcDateTime;
                AuditJson.Append(notice, new AuditRecord { Event = AuditEvent.Lost, Time = now, Lost = target.Lost });
                target.Write(notice.WrittenSpan);
                if (target.IsFailing)
                    _logger.AuditWorksAgain(target.Name, target.Lost);
                target.Lost = 0;
            }

            target.IsFailing = false;
            target.Write(_batch.WrittenSpan);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            target.Close();
            target.Lost += lines;
            if (!target.IsFailing)
                _logger.AuditLost(target.Name, lines, failed.Message);
            target.IsFailing = true;
        }
    }
}
