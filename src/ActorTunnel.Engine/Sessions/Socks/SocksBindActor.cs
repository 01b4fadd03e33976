using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Socks;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions.Socks;

/// <summary>
/// BIND of a SOCKS client (RFC 1928, sections 4 and 6): the client is told an address of ours, which nobody can connect to, and names it
/// in a PORT of its FTP session. That session's data channel then takes the client over. Until then nothing is opened anywhere.
/// </summary>
internal sealed class SocksBindActor : ReceiveActor
{
    /// <summary>For the PORT.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly NewSocksBind _bind;
    private readonly EngineServices _services;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _noMoreWatching = new();
    private Socket? _reserved;
    private IPEndPoint? _endPoint;
    private ITimer? _timer;
    private IActorRef? _taker;
    private bool _isWatched;
    private bool _isTaken;

    public SocksBindActor(NewSocksBind bind, EngineServices services)
    {
        _bind = bind;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");

        Receive<TakeBoundClient>(_ =>
        {
            _taker = Sender;
            _noMoreWatching.Cancel();
            GiveIfFree();
        });
        Receive<Watched>(_ =>
        {
            _isWatched = false;
            if (TcpSocket.HasPeerLeft(_bind.Client))
                Context.Stop(Self);
            else
                GiveIfFree(); // Or it has spoken before its turn: the server gets that, should it come.
        });
        Receive<TimeOver>(_ =>
        {
            if (_taker is null)
                Refuse(Failure.Timeout, "no PORT has named its address in time");
        });
        Receive<RefuseBind>(refuse => Refuse(refuse.Failure, refuse.Reason));
        Receive<EndWhenIdle>(_ => Refuse(Failure.Shutdown, "stopping"));
        Receive<EndNow>(end => Refuse(end.Failure, "stopping"));
    }

    protected override void PreStart()
    {
        var local = TcpSocket.Unmapped(_bind.Client.LocalEndPoint).Address;
        if (_bind.Request.Version == SocksVersion.Four && local.AddressFamily != AddressFamily.InterNetwork)
        {
            Refuse(Failure.Policy, "SOCKS 4 cannot tell an IPv6 address: set SOCKS 5 in the client");
            return;
        }

        try
        {
            // Bound, so that nobody else has the port; not listening, so that nobody can connect. It is TCP all the same: .NET would let
            // others have the address too (SO_REUSEADDR) if it knew.
            _reserved = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            _reserved.Bind(new IPEndPoint(local, 0));
            _endPoint = TcpSocket.Unmapped(_reserved.LocalEndPoint);
        }
        catch (SocketException failed)
        {
            Refuse(Failure.Listen, failed.Message);
            return;
        }

        if (!_bind.Rendezvous.TryReserve(_bind.Party, _endPoint, Self))
        {
            Refuse(Failure.Limit, $"this client has {Rendezvous.MaxReservations} already");
            return;
        }

        var self = Self;
        _timer = _services.Time.CreateTimer(_ => self.Tell(TimeOver.Instance), null, _patience, Timeout.InfiniteTimeSpan);
        TcpSocket.TrySay(_bind.Client, SocksReply.Of(_bind.Request.Version, Socks5ReplyCode.Succeeded, _endPoint));
        _isWatched = true;
        WatchAsync().PipeTo(Self);
    }

    protected override void PostStop()
    {
        _timer?.Dispose();
        _noMoreWatching.Cancel();
        if (_endPoint is not null)
            _bind.Rendezvous.Release(_bind.Party, _endPoint);
        _reserved?.Dispose();
        _taker?.Tell(BindOver.Instance);
        if (!_isTaken)
            _bind.Client.Dispose();
    }

    /// <summary>Until the client says something or leaves, or is taken over: no byte is read.</summary>
    private async Task<Watched> WatchAsync()
    {
        try
        {
            await _bind.Client.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, _noMoreWatching.Token).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Which of them, the socket tells.
        }

        return Watched.Instance;
    }

    /// <summary>Nobody else reads from it when it is given away.</summary>
    private void GiveIfFree()
    {
        if (_taker is null || _isWatched)
            return;
        _taker.Tell(new BoundClient(_bind.Client, _bind.Request));
        _taker = null;
        _isTaken = true;
        Context.Stop(Self);
    }

    private void Refuse(Failure failure, string reason)
    {
        if (!_isTaken)
        {
            var (request, client) = (_bind.Request, TcpSocket.Unmapped(_bind.Client.RemoteEndPoint));
            var name = SessionAudit.NameOf(client, _bind.Party.User);
            _logger.SocksRefused(name, request.Command, request.Host, request.Port, reason);
            var who = new AuditRecord { SocksUser = _bind.Party.User, Target = $"{request.Host}:{request.Port}" };
            SessionAudit.Refused(_services, who.From(client), failure, reason);
            TcpSocket.TrySay(_bind.Client, SocksReply.Of(request.Version, (Socks5ReplyCode)failure.SocksCode()));
        }

        Context.Stop(Self);
    }

    private sealed record Watched
    {
        public static Watched Instance { get; } = new();
    }

    private sealed record TimeOver
    {
        public static TimeOver Instance { get; } = new();
    }
}
