namespace ActorTunnel.Engine.Diagnostics;

/// <summary>Takes audit records: <see cref="AuditLog"/>, or an embedder's own.</summary>
public interface IAuditSink
{
    /// <summary>Called on actors' threads: it must neither block nor throw.</summary>
    void Write(AuditRecord record);
}
