using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Connects to somebody on this side, for an actor that gets the outcome as a message.</summary>
internal static class TargetDialing
{
    /// <returns><see cref="Connected"/> or <see cref="TunnelFailed"/>.</returns>
    public static async Task<object> ConnectAsync(TcpTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return new Connected(await TcpDialer.ConnectAsync(target, time, cancellationToken).ConfigureAwait(false));
        }
        catch (TunnelException failed)
        {
            return new TunnelFailed(failed.Failure, failed.Message);
        }
        catch (OperationCanceledException)
        {
            return new TunnelFailed(Failure.PeerClosed, "given up before the connection was made");
        }
    }

    /// <summary>The same for a data connection, from the address that its peer knows as the other one's: clients and servers check that.</summary>
    public static async Task<object> ConnectDataAsync(IPEndPoint peer, IPAddress source, string who, CancellationToken cancellationToken)
    {
        try
        {
            return new Connected(await TcpSocket.ConnectAsync(peer, source, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException)
        {
            return new TunnelFailed(Failure.ConnectionRefused, $"{who} does not take a connection on {peer}: {failed.Message}");
        }
    }

    internal sealed record Connected(Socket Socket) : ICarriesResource
    {
        public void Release() => TcpSocket.Reset(Socket);
    }
}
