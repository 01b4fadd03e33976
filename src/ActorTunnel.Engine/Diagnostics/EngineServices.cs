using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>What every actor of the engine may need besides its own matter.</summary>
internal sealed record EngineServices(ILoggerFactory Loggers, TimeProvider Time)
{
    /// <summary>Where audit goes; null: nowhere. Asked through <see cref="Audit(AuditRecord)"/>.</summary>
    public IAuditSink? AuditSink { get; init; }

    /// <summary>The engine stops without a word: what its actors leave unfinished then is not their failure.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Tells audit of something that has happened now.</summary>
    public void Audit(AuditRecord record) => AuditSink?.Write(record with { Time = Time.GetUtcNow().UtcDateTime });
}
