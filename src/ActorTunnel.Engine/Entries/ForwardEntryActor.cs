using System.Net.Sockets;
using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tunnels;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Entries;

/// <summary>
/// The listeners of one forward: each connection becomes a session. When accepting fails (no descriptors left) it waits a moment; when
/// this actor is restarted it listens anew.
/// </summary>
internal sealed class ForwardEntryActor : ReceiveActor
{
    private const int Backlog = 512;
    private static readonly TimeSpan _acceptPause = TimeSpan.FromMilliseconds(200);

    private readonly ForwardOptions _forward;
    private readonly TunnelProfile _profile;
    private readonly IActorRef _sessions;
    private readonly EngineServices _services;
    private readonly ILogger _logger;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));
    private readonly CancellationTokenSource _closed = new();
    private readonly List<TcpAcceptor> _acceptors = [];
    private ITimer? _reopening;

    public ForwardEntryActor(ForwardOptions forward, TunnelProfile profile, IActorRef sessions, EngineServices services)
    {
        _forward = forward;
        _profile = profile;
        _sessions = sessions;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Entries");

        Receive<Open>(_ =>
        {
            var outcome = Listen();
            Sender.Tell(outcome);
            if (outcome is TunnelFailed)
                Context.Stop(Self);
        });
        Receive<Reopen>(_ =>
        {
            if (Listen() is TunnelFailed failed)
                ReopenLater(failed.Message);
        });
        Receive<Accepted>(accepted =>
        {
            _sessions.Tell(new NewSession(accepted.Socket, SessionTarget.Of(Self.Path.Name, _forward, _profile)));
            AcceptNext(accepted.Acceptor);
        });
        Receive<AcceptFailed>(failed => AcceptNext(failed.Acceptor));
        Receive<Closed>(_ => { });
        Receive<Close>(_ => CloseListeners());
    }

    protected override void PostRestart(Exception reason) => Self.Tell(Reopen.Instance);

    protected override void PostStop()
    {
        CloseListeners();
        _reopening?.Dispose();
    }

    /// <returns><see cref="Listening"/> or <see cref="TunnelFailed"/>.</returns>
    private object Listen()
    {
        try
        {
            foreach (var address in _forward.ListenAddresses)
                Listen(address);
        }
        catch (TunnelException failed)
        {
            CloseListeners();
            return new TunnelFailed(failed.Failure, failed.Message);
        }

        foreach (var acceptor in _acceptors)
        {
            _logger.Listening(acceptor.EndPoint, $"{_forward.Host}:{_forward.HostPort}");
            AcceptNext(acceptor);
        }

        return new Listening([.. _acceptors.Select(acceptor => acceptor.EndPoint)]);
    }

    private void Listen(IPAddress address)
    {
        var port = _acceptors.Count == 0 ? _forward.ListenPort : _acceptors[0].EndPoint.Port;
        try
        {
            _acceptors.Add(TcpAcceptor.Listen(new IPEndPoint(address, port), Backlog));
        }
        catch (TunnelException failed) when (_acceptors.Count > 0 && failed.InnerException is SocketException
        {
            SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported,
        })
        {
            _logger.ListenerMissing(address, failed.Message);
        }
    }

    private void AcceptNext(TcpAcceptor acceptor) => AcceptAsync(acceptor, _closed.Token).PipeTo(Self);

    private async Task<object> AcceptAsync(TcpAcceptor acceptor, CancellationToken closed)
    {
        try
        {
            return new Accepted(acceptor, await acceptor.AcceptAsync(closed).ConfigureAwait(false));
        }
        catch (Exception ended) when (
            closed.IsCancellationRequested && ended is (OperationCanceledException or ObjectDisposedException or SocketException))
        {
            return Closed.Instance;
        }
        catch (SocketException failed)
        {
            _logger.AcceptFailed(acceptor.EndPoint, failed.Message);
            await Task.Delay(_acceptPause, _services.Time, CancellationToken.None).ConfigureAwait(false);
            return new AcceptFailed(acceptor);
        }
    }

    private void CloseListeners()
    {
        _closed.Cancel();
        foreach (var acceptor in _acceptors)
            acceptor.Dispose();
        _acceptors.Clear();
    }

    private void ReopenLater(string reason)
    {
        var wait = _backoff.Next();
        _logger.EntryClosed(_forward.ListenPort, reason, wait.TotalSeconds);
        var self = Self;
        _reopening = _services.Time.CreateTimer(_ => self.Tell(Reopen.Instance), null, wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Answered by <see cref="Listening"/> or <see cref="TunnelFailed"/>.</summary>
    public sealed record Open
    {
        public static Open Instance { get; } = new();
    }

    /// <summary>Where it listens.</summary>
    public sealed record Listening(IReadOnlyList<IPEndPoint> EndPoints);

    /// <summary>No more sessions.</summary>
    public sealed record Close
    {
        public static Close Instance { get; } = new();
    }

    private sealed record Reopen
    {
        public static Reopen Instance { get; } = new();
    }

    private sealed record Closed
    {
        public static Closed Instance { get; } = new();
    }

    private sealed record Accepted(TcpAcceptor Acceptor, Socket Socket) : ICarriesResource
    {
        public void Release() => TcpSocket.Reset(Socket);
    }

    private sealed record AcceptFailed(TcpAcceptor Acceptor);
}
