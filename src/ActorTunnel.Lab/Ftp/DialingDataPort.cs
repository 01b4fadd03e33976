using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Lab.Ftp;

/// <summary>Connects to the target from the address the control connection uses.</summary>
internal sealed class DialingDataPort(IPAddress local, IPEndPoint target) : DataPort
{
    protected override async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(local, 0));
            await socket.ConnectAsync(target, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
    }
}
