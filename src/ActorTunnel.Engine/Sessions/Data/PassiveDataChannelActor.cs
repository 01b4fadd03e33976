using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// PASV or EPSV: the client connects to a listener of ours, and the channel is opened to the server's listener at once, before the
/// client comes: its round trip runs while the client reads the reply.
/// </summary>
internal sealed class PassiveDataChannelActor : DataChannelActor
{
    private readonly PassiveReply _server;
    private readonly TunnelProfile? _profile;
    private readonly CancellationTokenSource _closed = new();
    private TcpAcceptor? _acceptor;
    private bool _connected;

    // The client has come by SOCKS and is answered when the channel is open.
    private SecondConnect? _waiting;
    private bool _isOpen;

    /// <param name="context">The session.</param>
    /// <param name="server">Where the FTP server listens.</param>
    /// <param name="profile">Of the session's SSH connection; null: there is none.</param>
    public PassiveDataChannelActor(DataChannelContext context, PassiveReply server, TunnelProfile? profile)
        : base(context, new LocalClientEnds())
    {
        _server = server;
        _profile = profile;

        Receive<DataAccepting.Accepted>(accepted => Accept(accepted.Socket));
        Receive<DataAccepting.ListenerClosed>(_ => { });
        Receive<SecondConnect>(connect =>
        {
            if (!IsOfClientUser(connect.Socket))
            {
                connect.Refuse(Failure.Policy);
                return;
            }

            if (!Admit(connect.Socket, () => connect.Refuse(Failure.Policy)))
                return;
            Session.Logger.SecondConnect(Session.SessionId, Self.Path.Name);
            Take(connect);
        });
        Receive<ChannelOpening.Opened>(opened =>
        {
            _isOpen = true;
            Take(opened.Channel);
            if (_waiting is { } waiting)
                Take(waiting);
        });
        Receive<TunnelReady>(ready => OpenChannel(ready.Transport));
        Receive<TunnelFailed>(failed =>
        {
            // Of data that is spread: another connection than the control channel's may be lost or full, which harms no session.
            if (Transport != Session.Transport && failed.Failure is Failure.ConnectionLost or Failure.Limit)
                OpenChannel(Session.Transport);
            else
                Break(failed.Failure, failed.Message);
        });
        Receive<Status.Failure>(failure => Break(Failure.Listen, $"waiting for the client failed: {failure.Cause.Message}"));
    }

    protected override void PreStart()
    {
        try
        {
            _acceptor = Listen();
        }
        catch (TunnelException failed)
        {
            Break(failed.Failure, failed.Message);
            return;
        }

        if (_profile is null or { Pool.ConnectionsPerIdentity: 1 })
            OpenChannel(Session.Transport);
        else
            Session.Tunnels.Tell(new GetDataTunnel(_profile, Session.Transport));
        AcceptNext();
        Context.Parent.Tell(new DataReady(_acceptor.EndPoint));
    }

    protected override void CloseListener()
    {
        _closed.Cancel();
        _acceptor?.Dispose();
        if (_acceptor is not null && Session.Socks is { } socks)
            socks.Rendezvous.Forget(socks.Party, _acceptor.EndPoint.Port, Self);
        _waiting?.Refuse(Cause);
        _waiting = null;
    }

    /// <summary>For a client behind SOCKS on a port that no other data channel of it has, whatever the address.</summary>
    private TcpAcceptor Listen()
    {
        const int tries = 10;
        for (var i = 0; i < tries; i++)
        {
            var acceptor = DataAccepting.Listen(Session);
            if (Session.Socks is not { } socks || socks.Rendezvous.TryExpect(socks.Party, acceptor.EndPoint.Port, Hosts(socks), Self))
                return acceptor;
            acceptor.Dispose();
        }

        throw new TunnelException(Failure.Limit, "all data ports are in use by other transfers of this client.");
    }

    /// <summary>By what clients connect: the address in the reply, the proxy as they see it, or the host of the control connection.</summary>
    private string[] Hosts(SocksOrigin socks)
    {
        var proxy = Session.Local.Address;
        return [socks.Host, Session.Route.Host, proxy.ToString(), (Session.Route.AdvertisedAddress ?? proxy).ToString()];
    }

    private void OpenChannel(ISshTransport transport)
    {
        Transport = transport;
        Session.Route.ConnectServerData(Self, _server, transport);
    }

    // Listens on after the client has come: whoever connects to the same port now is not the client, and what it got is in doubt.
    private void AcceptNext() => DataAccepting.NextAsync(_acceptor!, _closed.Token).PipeTo(Self);

    private void Accept(Socket socket)
    {
        var peer = TcpSocket.Unmapped(socket.RemoteEndPoint);
        if (!DataPeers.MayConnect(peer.Address, Session.Client.Address, Session.Options.Restrictions))
        {
            TcpSocket.Reset(socket);
            Session.Logger.ForeignDataConnection(Session.SessionId, Self.Path.Name, peer.ToString(), Session.Client.Address);
            AcceptNext();
        }
        else if (!IsOfClientUser(socket))
        {
            TcpSocket.Reset(socket);
            AcceptNext();
        }
        else if (Admit(socket, () => TcpSocket.Reset(socket)))
        {
            Take(socket);
            AcceptNext();
        }
    }

    /// <summary>The first, whichever way it has come.</summary>
    private bool Admit(Socket socket, Action refuse)
    {
        if (!_connected && !IsBroken)
            return _connected = true;
        var peer = TcpSocket.Unmapped(socket.RemoteEndPoint);
        refuse();
        Break(Failure.Policy, $"a second data connection came, from {peer}");
        return false;
    }

    private void Take(SecondConnect connect)
    {
        _waiting = _isOpen ? null : connect;
        if (!_isOpen)
            return;
        connect.Welcome();
        Take(connect.Socket);
    }
}
