using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// What a client is told of the outcome, before any byte of the target: a client of a fixed forward nothing, a SOCKS client its reply.
/// </summary>
internal class Reception
{
    /// <summary>The protocol behind has words of its own.</summary>
    public static Reception Silent { get; } = new();

    /// <summary>The target is there.</summary>
    public virtual ReadOnlyMemory<byte> Accepted => default;

    /// <summary>There is no way to the target; empty: the protocol behind says so.</summary>
    public virtual ReadOnlyMemory<byte> Refused(Failure failure) => default;
}
