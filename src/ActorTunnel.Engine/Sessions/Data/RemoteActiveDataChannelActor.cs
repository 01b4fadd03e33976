using System.Net;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// PORT or EPRT through a remote forward: the FTP server connects to a listener of ours; for the one connection that comes, the SSH
/// server connects to the client.
/// </summary>
internal sealed class RemoteActiveDataChannelActor : DataChannelActor
{
    private readonly IPEndPoint _client;
    private readonly IPAddress _server;
    private readonly CancellationTokenSource _closed = new();
    private TcpAcceptor? _acceptor;
    private bool _connected;

    /// <param name="context">The session.</param>
    /// <param name="client">Where the client listens: checked to be the client of the control connection.</param>
    /// <param name="server">The FTP server's address.</param>
    public RemoteActiveDataChannelActor(DataChannelContext context, IPEndPoint client, IPAddress server)
        : base(context, new LocalServerEnds())
    {
        _client = client;
        _server = server;

        Receive<DataAccepting.Accepted>(accepted => Accept(accepted.Socket));
        Receive<DataAccepting.ListenerClosed>(_ => { });
        Receive<ChannelOpening.Opened>(opened => Take(opened.Channel));
        Receive<TunnelFailed>(failed => Break(failed.Failure, failed.Message));
        Receive<Status.Failure>(failure => Break(Failure.Listen, $"waiting for the server failed: {failure.Cause.Message}"));
    }

    protected override void PreStart()
    {
        try
        {
            _acceptor = DataAccepting.Listen(Session);
        }
        catch (TunnelException failed)
        {
            Break(failed.Failure, failed.Message);
            return;
        }

        AcceptNext();
        Context.Parent.Tell(new DataReady(_acceptor.EndPoint));
    }

    /// <summary>A server that connects after this is reset by the kernel, which is no end of a file.</summary>
    protected override void CloseListener()
    {
        _closed.Cancel();
        _acceptor?.Dispose();
    }

    private void AcceptNext() => DataAccepting.NextAsync(_acceptor!, _closed.Token).PipeTo(Self);

    private void Accept(System.Net.Sockets.Socket socket)
    {
        var peer = TcpSocket.Unmapped(socket.RemoteEndPoint);
        if (!peer.Address.Equals(_server))
        {
            TcpSocket.Reset(socket);
            Session.Logger.ForeignServerConnection(
                Session.SessionId, Self.Path.Name, peer.ToString(), _server.ToString(), Session.Audit.Who);
            AcceptNext();
        }
        else if (_connected || IsBroken)
        {
            TcpSocket.Reset(socket);
            Break(Failure.Policy, $"a second data connection came, from {peer}");
        }
        else
        {
            _connected = true;
            Take(socket);
            Session.Route.ConnectClientData(Self, _client, Session.Transport, _closed.Token);
            AcceptNext();
        }
    }
}
