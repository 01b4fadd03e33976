using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Configuration;

/// <summary>Checks option values.</summary>
internal static class Limits
{
    /// <exception cref="TunnelException">The value is not possible.</exception>
    public static void Check(bool isPossible, string rule)
    {
        if (!isPossible)
            throw new TunnelException(Failure.Configuration, rule);
    }
}
