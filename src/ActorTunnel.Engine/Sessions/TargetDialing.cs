using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Connects to the target of a remote forward, on this side, for an actor that gets the outcome as a message.</summary>
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

    internal sealed record Connected(Socket Socket) : ICarriesResource
    {
        public void Release() => TcpSocket.Reset(Socket);
    }
}
