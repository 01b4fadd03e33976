using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Lab.Ftp;

/// <summary>Listens on a free port of the address the control connection uses, for the peer of the control connection only.</summary>
internal sealed class ListeningDataPort : DataPort
{
    // Room for a stranger or two beside the peer; who is not the peer is closed as soon as somebody looks.
    private const int Backlog = 4;

    private readonly Socket _listener;
    private readonly IPAddress _peer;

    public ListeningDataPort(IPAddress local, IPAddress peer)
    {
        _peer = peer;
        _listener = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(new IPEndPoint(local, 0));
            _listener.Listen(Backlog);
        }
        catch (SocketException)
        {
            _listener.Dispose();
            throw;
        }
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    protected override async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var socket = await _listener.AcceptAsync(cancellationToken);

            // RFC 2577 section 5: whoever guesses the port must not get, or give, the file.
            if (socket.RemoteEndPoint is IPEndPoint remote && remote.Address.Equals(_peer))
                return socket;
            socket.Dispose();
        }
    }

    public override void Dispose() => _listener.Dispose();
}
