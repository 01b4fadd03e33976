using System.Net.Sockets;
using ActorTunnel.Ssh;

namespace ActorTunnel.Lab.Ssh;

/// <summary>Serves direct-tcpip (RFC 4254, section 7.2): connects to the target that the client names.</summary>
internal static class DirectForward
{
    public static async Task ServeAsync(IOfferedChannel channel, CancellationToken stopped)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(channel.Host, channel.Port, stopped);
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            channel.Refuse(ChannelOpenFailure.ConnectFailed, failed.Message);
            return;
        }

        await SocketRelay.RunAsync(socket, channel.Accept(SocketRelay.Window));
    }
}
