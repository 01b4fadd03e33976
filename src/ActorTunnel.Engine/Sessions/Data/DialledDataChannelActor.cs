using System.Net;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// PORT or EPRT of the client, PASV or EPSV to the server: nobody connects to us, we connect to both. To the server's listener at once; to
/// the client when the server has begun the transfer, which is when clients expect it (RFC 959, section 3.2), unless it has connected to
/// us for that: BIND.
/// </summary>
internal sealed class DialledDataChannelActor : DataChannelActor
{
    /// <summary>For a client that has not said that it listens: it does so already, or never will.</summary>
    private static readonly TimeSpan _defaultPortPatience = TimeSpan.FromSeconds(5);

    private readonly IPEndPoint _client;
    private readonly IActorRef? _boundClient;
    private readonly bool _isDefaultPort;
    private readonly CancellationTokenSource _closed;
    private PassiveReply? _server;
    private BoundClient? _bound;
    private bool _isDialled;

    /// <param name="context">The session.</param>
    /// <param name="client">Where the client listens: checked to be the client of the control connection.</param>
    /// <param name="boundClient">Who has the client's connection, which it has made for BIND; null: we connect to the client.</param>
    /// <param name="isDefaultPort">
    /// No PORT has named it, and the transfer command is here: it is connected to at once, and without it the server is asked for nothing.
    /// </param>
    public DialledDataChannelActor(DataChannelContext context, IPEndPoint client, IActorRef? boundClient, bool isDefaultPort)
        : base(context, context.Route.NewDataEnds())
    {
        _client = client;
        _boundClient = boundClient;
        _isDefaultPort = isDefaultPort;
        _closed = new(Timeout.InfiniteTimeSpan, context.Services.Time);

        Receive<ServerListens>(listens =>
        {
            _server = listens.Reply;
            Session.Route.ConnectServerData(Self, listens.Reply, Session.Transport);
        });
        Receive<TargetDialing.Connected>(connected =>
        {
            Take(connected.Socket);
            DefaultPortTaken();
        });
        Receive<ChannelOpening.Opened>(opened =>
        {
            Take(opened.Channel);
            DefaultPortTaken();
        });
        Receive<TunnelFailed>(failed =>
        {
            if (_isDefaultPort && _server is null)
                Context.Parent.Tell(new DataUnavailable(failed.Failure, failed.Message)); // It never said that it listens.
            else
                Break(failed.Failure, failed.Message);
        });
        Receive<BoundClient>(bound =>
        {
            if (!Admits(bound))
                return;
            _bound = bound;
            Announce();
        });
        Receive<BindOver>(_ => Break(Failure.PeerClosed, "the client has given up its BIND"));
    }

    protected override void PreStart()
    {
        if (_isDefaultPort)
        {
            _closed.CancelAfter(_defaultPortPatience);
            Dial();
        }
        else if (_boundClient is not null)
        {
            _boundClient.Tell(TakeBoundClient.Instance);
        }
        else
        {
            Announce();
        }
    }

    protected override void TransferStarted()
    {
        if (_isDialled || IsBroken)
            return;
        if (_bound is null)
            Dial();
        else
            Welcome(_bound);
    }

    protected override void CloseListener()
    {
        _closed.Cancel();
        _bound?.Refuse(Cause);
        _bound = null;
    }

    private void Announce() => Context.Parent.Tell(new DataReady(_client));

    private void Dial()
    {
        _isDialled = true;
        Session.Route.ConnectClientData(Self, _client, Session.Transport, _closed.Token);
    }

    /// <summary>The client is there before the server has been asked for anything.</summary>
    private void DefaultPortTaken()
    {
        if (!_isDefaultPort || _server is not null)
            return;
        _closed.CancelAfter(Timeout.InfiniteTimeSpan);
        Announce();
    }

    private void Welcome(BoundClient bound)
    {
        _isDialled = true;
        _bound = null;
        if (bound.Welcome(new IPEndPoint(_server!.Address ?? IPAddress.Any, _server.Port)))
            Take(bound.Socket);
        else
            Break(Failure.PeerClosed, "the client has left its BIND");
    }
}
