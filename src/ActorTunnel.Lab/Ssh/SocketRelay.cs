using System.Net.Sockets;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;

namespace ActorTunnel.Lab.Ssh;

/// <summary>Copies between a socket and a channel until both directions have ended. A broken end breaks the other.</summary>
internal static class SocketRelay
{
    public static ChannelWindow Window { get; } = new(2 * 1024 * 1024, 2 * 1024 * 1024);

    public static async Task RunAsync(Socket socket, ITunnelChannel channel)
    {
        using var local = new NetworkStream(socket, ownsSocket: true);
        await using var remote = new ChannelStream(channel);
        try
        {
            await Task.WhenAll(UpAsync(local, remote), DownAsync(remote, local));
        }
        catch (IOException)
        {
            TcpSocket.Reset(socket);
        }
    }

    private static async Task UpAsync(NetworkStream local, ChannelStream remote)
    {
        try
        {
            await local.CopyToAsync(remote);
            await remote.CompleteWritesAsync();
        }
        catch (IOException)
        {
            await remote.DisposeAsync(); // Ends the other direction as well.
            throw;
        }
    }

    private static async Task DownAsync(ChannelStream remote, NetworkStream local)
    {
        try
        {
            await remote.CopyToAsync(local);
            local.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (IOException)
        {
            TcpSocket.Reset(local.Socket);
            throw;
        }
    }
}
