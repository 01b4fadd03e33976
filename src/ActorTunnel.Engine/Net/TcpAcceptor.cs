using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Net;

/// <summary>A listening socket. Disposing it stops listening and ends a pending accept.</summary>
internal sealed class TcpAcceptor : IDisposable
{
    private readonly Socket _socket;

    private TcpAcceptor(Socket socket, IPEndPoint endPoint)
    {
        _socket = socket;
        EndPoint = endPoint;
        OwnListeners.Add(this);
    }

    /// <summary>Where it listens, with the port that was really bound.</summary>
    public IPEndPoint EndPoint { get; }

    /// <exception cref="TunnelException"><see cref="Failure.Listen"/>.</exception>
    public static TcpAcceptor Listen(IPEndPoint endPoint, int backlog)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false; // 0.0.0.0 and [::] are listeners of their own: v4-mapped peers never arise here.
            socket.Bind(endPoint);
            socket.Listen(backlog);
            return new TcpAcceptor(socket, (IPEndPoint)socket.LocalEndPoint!);
        }
        catch (SocketException failed)
        {
            socket.Dispose();
            throw new TunnelException(Failure.Listen, Explain(endPoint, failed), failed);
        }
    }

    /// <summary>
    /// Listens on the first free port of the range, starting anywhere in it so that sessions do not fight for the same one.
    /// </summary>
    /// <exception cref="TunnelException"><see cref="Failure.Limit"/> when all are taken.</exception>
    public static TcpAcceptor Listen(IPAddress address, PortRange range, int backlog)
    {
        var count = range.High - range.Low + 1;
        var start = Random.Shared.Next(count);
        for (var i = 0; i < count; i++)
        {
            try
            {
                return Listen(new IPEndPoint(address, range.Low + ((start + i) % count)), backlog);
            }
            catch (TunnelException taken)
                when (taken.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
            {
                // Try the next one.
            }
        }

        throw new TunnelException(Failure.Limit, $"All data ports {range.Low}-{range.High} of {address} are in use: widen DataPorts.");
    }

    public async Task<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        var socket = await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
        TcpSocket.Prepare(socket);
        return socket;
    }

    public void Dispose()
    {
        _socket.Dispose();
        OwnListeners.Remove(this);
    }

    private static string Explain(IPEndPoint endPoint, SocketException failed) => failed.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"Cannot listen on {endPoint}: the port is in use, perhaps by another actortunnel; choose another one.",
        SocketError.AccessDenied => $"Cannot listen on {endPoint}: ports below 1024 need privileges; choose a higher one.",
        SocketError.AddressNotAvailable => $"Cannot listen on {endPoint}: this machine does not have that address.",
        _ => $"Cannot listen on {endPoint}: {failed.Message}.",
    };
}
