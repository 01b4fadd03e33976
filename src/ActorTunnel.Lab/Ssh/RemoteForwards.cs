using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;

namespace ActorTunnel.Lab.Ssh;

/// <summary>
/// The listeners of one client (tcpip-forward, RFC 4254, section 7.1). Loopback only, whatever it asks for, as sshd by default.
/// </summary>
internal sealed class RemoteForwards(SshServerConnection connection) : IDisposable
{
    private const int Backlog = 16;

    private readonly ConcurrentDictionary<(string Address, int Port), TcpAcceptor> _listeners = [];

    public ValueTask<int?> ListenAsync(string address, int port)
    {
        var loopback = address == "::1" ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        var acceptor = TcpAcceptor.Listen(new IPEndPoint(loopback, port), Backlog);
        _listeners[(address, acceptor.EndPoint.Port)] = acceptor;
        _ = AcceptAsync(acceptor, address);
        return ValueTask.FromResult<int?>(acceptor.EndPoint.Port);
    }

    public ValueTask<bool> CancelAsync(string address, int port)
    {
        var found = _listeners.TryRemove((address, port), out var acceptor);
        acceptor?.Dispose();
        return ValueTask.FromResult(found);
    }

    public void Dispose()
    {
        foreach (var acceptor in _listeners.Values)
            acceptor.Dispose();
    }

    private async Task AcceptAsync(TcpAcceptor acceptor, string address)
    {
        try
        {
            while (true)
                _ = ForwardAsync(await acceptor.AcceptAsync(CancellationToken.None), address, acceptor.EndPoint.Port);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Cancelled, or the connection is over.
        }
    }

    private async Task ForwardAsync(Socket socket, string address, int port)
    {
        try
        {
            var originator = TcpSocket.Unmapped(socket.RemoteEndPoint);
            var channel = await connection.OpenForwardedAsync(address, port, originator, SocketRelay.Window, CancellationToken.None);
            await SocketRelay.RunAsync(socket, channel);
        }
        catch (SshException)
        {
            TcpSocket.Reset(socket); // The client does not want it, or is gone: whoever connected must notice.
        }
    }
}
