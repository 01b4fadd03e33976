using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Opens a channel for an actor, which gets the outcome as a message.</summary>
internal static class ChannelOpening
{
    /// <returns><see cref="Opened"/> or <see cref="TunnelFailed"/>.</returns>
    public static Task<object> OpenAsync(
        ISshTransport transport, ForwardOptions forward, Socket client, ChannelWindow window, CancellationToken cancellationToken) =>
        OpenAsync(transport, forward.Host, forward.HostPort, TcpSocket.Unmapped(client.RemoteEndPoint), window, cancellationToken);

    /// <returns><see cref="Opened"/> or <see cref="TunnelFailed"/>.</returns>
    public static async Task<object> OpenAsync(
        ISshTransport transport,
        string host,
        int port,
        System.Net.IPEndPoint originator,
        ChannelWindow window,
        CancellationToken cancellationToken)
    {
        try
        {
            return new Opened(await transport.OpenAsync(host, port, originator, window, cancellationToken).ConfigureAwait(false));
        }
        catch (SshException refused)
        {
            return new TunnelFailed(refused.Failure.ToFailure(), refused.Message);
        }
        catch (OperationCanceledException)
        {
            return new TunnelFailed(Failure.PeerClosed, "given up before the channel was open");
        }
    }

    /// <summary>The channel is open.</summary>
    internal sealed record Opened(ITunnelChannel Channel) : ICarriesResource
    {
        public void Release() => Channel.Abort();
    }
}
