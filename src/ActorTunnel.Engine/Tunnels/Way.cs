using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Proxies;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>The bytes' way to an SSH server, before SSH begins on it.</summary>
/// <param name="Stream">Belongs to whoever receives this.</param>
/// <param name="Peer">The server's address; null when a jump host or a proxy has chosen it.</param>
internal sealed record Way(Stream Stream, IPEndPoint? Peer)
{
    /// <summary>Through the jump host when there is one, else as the first matching rule says.</summary>
    /// <exception cref="TunnelException">There is no way.</exception>
    /// <exception cref="HopException">There is none from the jump host or the proxy on.</exception>
    public static Task<Way> MakeAsync(TunnelProfile profile, ISshTransport? jump, DialContext context, CancellationToken cancellationToken)
    {
        if (jump is not null)
            return JumpHost.OpenAsync(jump, profile, cancellationToken);
        return ProxyRules.Choose(profile.Proxies, profile.Host, profile.Port) is { } proxy
            ? ThroughAsync(proxy, profile, context, cancellationToken)
            : DirectAsync(profile, context, cancellationToken);
    }

    private static async Task<Way> DirectAsync(TunnelProfile profile, DialContext context, CancellationToken cancellationToken)
    {
        var target = new TcpTarget(profile.Host, profile.Port, "an SSH server")
        {
            Family = profile.AddressFamily,
            Peers = context.Peer is { } peer ? [peer] : null,
        };
        var socket = await TcpDialer.ConnectAsync(target, context.Services.Time, cancellationToken).ConfigureAwait(false);
        return new Way(new SshSocketStream(socket), TcpSocket.Unmapped(socket.RemoteEndPoint));
    }

    private static async Task<Way> ThroughAsync(
        ProxyServer proxy, TunnelProfile profile, DialContext context, CancellationToken cancellationToken)
    {
        Stream? stream = null;
        try
        {
            var target = new TcpTarget(proxy.Host, proxy.Port, "the proxy") { Family = profile.AddressFamily };
            var socket = await TcpDialer.ConnectAsync(target, context.Services.Time, cancellationToken).ConfigureAwait(false);
            stream = new SshSocketStream(socket);
            await new ProxyClient(stream, proxy, profile.Host, profile.Port).ConnectAsync(cancellationToken).ConfigureAwait(false);
            return new Way(stream, null);
        }
        catch (Exception failed)
        {
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
            var hop = $"proxy {proxy.Host}";
            if (failed is TunnelException refused)
            {
                throw new HopException(refused.Failure, refused.Message, hop, refused)
                {
                    IsWithoutConnection = refused.IsWithoutConnection,
                };
            }

            if (failed is OperationCanceledException) // The connect timeout; or the connection is stopped, and nobody hears this.
            {
                throw new HopException(
                    Failure.Timeout,
                    $"Proxy {proxy.Host} port {proxy.Port} has not connected to {profile.Host} port {profile.Port} in time"
                    + $"{DialGivenUpException.TriedUntil(failed)}: check both, or raise ConnectTimeout.",
                    hop,
                    failed)
                {
                    IsWithoutConnection = failed is DialGivenUpException,
                };
            }

            throw;
        }
    }
}
