using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>A jump host or a proxy on the way did not do its part; the message names it.</summary>
internal sealed class HopException(Failure failure, string message, string hop, Exception? innerException = null)
    : Exception(message, innerException)
{
    public Failure Failure => failure;

    public string Hop => hop;

    /// <inheritdoc cref="TunnelFailed.IsWithoutConnection"/>
    public bool IsWithoutConnection { get; init; }
}
