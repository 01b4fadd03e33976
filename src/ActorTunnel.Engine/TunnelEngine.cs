using System.Net;
using ActorTunnel.Engine.Configuration;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine;

/// <summary>Carries FTP sessions and plain connections through SSH.</summary>
public sealed class TunnelEngine : IAsyncDisposable
{
    /// <summary>Creates an engine that forwards through one SSH server.</summary>
    public TunnelEngine(TunnelProfile profile, ILoggerFactory loggers, TimeProvider time) => throw new NotSupportedException();

    /// <summary>Makes the first SSH connection, so that a wrong host, key or password shows at once.</summary>
    /// <exception cref="Diagnostics.TunnelException">It cannot be made.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Opens the listeners of a forward and returns where they listen.</summary>
    /// <exception cref="Diagnostics.TunnelException">An address cannot be bound.</exception>
    public Task<IReadOnlyList<IPEndPoint>> ForwardAsync(ForwardOptions forward, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// Stops accepting, lets transfers in progress finish for at most <paramref name="grace"/>, then closes everything.
    /// </summary>
    public Task StopAsync(TimeSpan grace) => throw new NotSupportedException();

    /// <summary>Stops without grace.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
