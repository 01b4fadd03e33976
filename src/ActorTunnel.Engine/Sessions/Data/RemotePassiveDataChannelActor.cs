using System.Net;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// PASV or EPSV through a remote forward: the client connects to a listener on the SSH server, and we connect to the FTP server's
/// listener at once, as <see cref="PassiveDataChannelActor"/> does through SSH.
/// </summary>
internal sealed class RemotePassiveDataChannelActor : DataChannelActor
{
    private readonly PassiveReply _server;
    private readonly CancellationTokenSource _closed = new();
    private RemoteDataListener? _listener;
    private bool _connected;

    /// <param name="context">The session.</param>
    /// <param name="server">Where the FTP server listens.</param>
    public RemotePassiveDataChannelActor(DataChannelContext context, PassiveReply server)
        : base(context, new LocalServerEnds())
    {
        _server = server;

        Receive<SessionListener.Listening>(listening =>
        {
            _listener = listening.Listener;
            if (IsBroken)
                CloseListener();
            else
                Context.Parent.Tell(new DataReady(new IPEndPoint(IPAddress.Any, _listener.Port)));
        });
        Receive<SessionListener.ListenFailed>(failed => Break(failed.Failure, failed.Reason));
        Receive<RemoteDataListener.Offered>(offered => Accept(offered.Channel));
        Receive<TargetDialing.Connected>(connected => Take(connected.Socket));
        Receive<TunnelFailed>(failed => Break(failed.Failure, failed.Message));
    }

    protected override void PreStart()
    {
        Session.Listener.TakeAsync(Self, _closed.Token).PipeTo(Self);
        Session.Route.ConnectServerData(Self, _server, Session.Transport);
    }

    protected override void CloseListener()
    {
        _closed.Cancel();
        _listener?.Cancel();
        _listener = null;
    }

    protected override void KeepListener()
    {
        if (_listener is null)
            return;
        Session.Listener.GiveBack(_listener);
        _listener = null;
    }

    private void Accept(IOfferedChannel channel)
    {
        if (!TcpSocket.TryParseOriginator(channel, out var peer)
            || !DataPeers.MayConnect(peer.Address, Session.Client.Address, Session.Options.Restrictions))
        {
            channel.Refuse(ChannelOpenFailure.AdministrativelyProhibited, "data connections come from the FTP client only");
            Session.Logger.ForeignDataConnection(Session.SessionId, Self.Path.Name, channel.OriginatorAddress, Session.Client.Address);
        }
        else if (_connected)
        {
            channel.Refuse(ChannelOpenFailure.AdministrativelyProhibited, "one data connection only");
            Break(Failure.Policy, $"a second data connection came, from {peer}");
        }
        else if (IsBroken)
        {
            channel.Refuse(ChannelOpenFailure.ConnectFailed, "the transfer is broken");
        }
        else
        {
            _connected = true;
            Take(channel.Accept(DataChannelContext.Window));
        }
    }
}
