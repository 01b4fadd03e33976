using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// PASV or EPSV: the client connects to a listener of ours, and the channel is opened to the server's listener at once, before the
/// client comes: its round trip runs while the client reads the reply.
/// </summary>
internal sealed class PassiveDataChannelActor : DataChannelActor
{
    private readonly string _host;
    private readonly int _port;
    private readonly CancellationTokenSource _closed = new();
    private TcpAcceptor? _acceptor;
    private bool _connected;

    /// <param name="context">The session.</param>
    /// <param name="host">Where the FTP server listens, as the SSH server is to resolve it.</param>
    /// <param name="port">The port from the server's reply.</param>
    public PassiveDataChannelActor(DataChannelContext context, string host, int port)
        : base(context, new LocalClientEnds())
    {
        _host = host;
        _port = port;

        Receive<DataAccepting.Accepted>(accepted => Accept(accepted.Socket));
        Receive<DataAccepting.ListenerClosed>(_ => { });
        Receive<ChannelOpening.Opened>(opened => Take(opened.Channel));
        Receive<TunnelFailed>(failed => Break(failed.Failure, failed.Message));
        Receive<Status.Failure>(failure => Break(Failure.Listen, $"waiting for the client failed: {failure.Cause.Message}"));
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

        // Not given up when the client's side breaks: a server that saw its data connection come and go would have a file of no bytes.
        ChannelOpening.OpenAsync(Session.Transport, _host, _port, Session.Client, DataChannelContext.Window, CancellationToken.None)
            .PipeTo(Self);
        AcceptNext();
        Context.Parent.Tell(new DataReady(_acceptor.EndPoint));
    }

    protected override void CloseListener()
    {
        _closed.Cancel();
        _acceptor?.Dispose();
    }

    // Listens on after the client has come: whoever connects to the same port now is not the client, and what it got is in doubt.
    private void AcceptNext() => DataAccepting.NextAsync(_acceptor!, _closed.Token).PipeTo(Self);

    private void Accept(Socket socket)
    {
        var peer = TcpSocket.Unmapped(socket.RemoteEndPoint);
        if (!peer.Address.Equals(Session.Client.Address))
        {
            TcpSocket.Reset(socket);
            Session.Logger.ForeignDataConnection(Session.SessionId, Self.Path.Name, peer.ToString(), Session.Client.Address);
            AcceptNext();
        }
        else if (_connected)
        {
            TcpSocket.Reset(socket);
            Break(Failure.Policy, $"a second data connection came, from {peer}");
        }
        else
        {
            _connected = true;
            Take(socket);
            AcceptNext();
        }
    }
}
