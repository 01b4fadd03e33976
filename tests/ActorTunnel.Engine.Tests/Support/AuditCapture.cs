using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>Audit records in memory.</summary>
internal sealed class AuditCapture : IAuditSink
{
    private readonly ConcurrentQueue<AuditRecord> _records = [];

    public IReadOnlyList<AuditRecord> Records => [.. _records];

    public IReadOnlyList<AuditRecord> Transfers => [.. _records.Where(record => record.Event == AuditEvent.Transfer)];

    /// <summary>For who measures memory.</summary>
    public void Clear() => _records.Clear();

    public void Write(AuditRecord record) => _records.Enqueue(record);

    public async Task<AuditRecord> OneTransferAsync()
    {
        await Patience.UntilAsync(() => Transfers.Count > 0, "a transfer in audit");
        return Assert.Single(Transfers);
    }

    public async Task<AuditRecord> OneSessionAsync()
    {
        await Patience.UntilAsync(() => _records.Any(record => record.Event == AuditEvent.Session), "a session in audit");
        return Assert.Single(_records, record => record.Event == AuditEvent.Session);
    }

    public static string Line(AuditRecord record)
    {
        var line = new ArrayBufferWriter<byte>();
        AuditJson.Append(line, record);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }
}
