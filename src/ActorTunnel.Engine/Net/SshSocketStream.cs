using System.Net.Sockets;

namespace ActorTunnel.Engine.Net;

/// <summary>The socket of an SSH connection as a stream. Owns the socket.</summary>
internal sealed class SshSocketStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count > 0)
            TcpSocket.AcknowledgeAtOnce(Socket);
        return count;
    }
}
