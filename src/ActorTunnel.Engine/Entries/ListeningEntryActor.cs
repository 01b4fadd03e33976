using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Entries;

/// <summary>
/// The listeners of an entry; what becomes of a connection is the matter of the derived classes. When accepting fails (no descriptors
/// left) it waits a moment; when this actor is restarted it listens anew.
/// </summary>
internal abstract class ListeningEntryActor : ReceiveActor
{
    private const int Backlog = 512;
    private static readonly TimeSpan _acceptPause = TimeSpan.FromMilliseconds(200);

    private readonly IReadOnlyList<IPEndPoint> _endPoints;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));
    private readonly List<TcpAcceptor> _acceptors = [];
    private CancellationTokenSource _closed = new();
    private ITimer? _reopening;

    /// <param name="endPoints">
    /// The first must succeed; another address may be missing on this machine. Port 0 takes a free one, the same for all that have it.
    /// </param>
    /// <param name="purpose">Where connections go, or whose they are, for logs.</param>
    /// <param name="services">What every actor may need.</param>
    protected ListeningEntryActor(IReadOnlyList<IPEndPoint> endPoints, string purpose, EngineServices services)
    {
        _endPoints = endPoints;
        Purpose = purpose;
        Services = services;
        Logger = services.Loggers.CreateLogger("ActorTunnel.Entries");

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
            Take(accepted.Socket);
            AcceptNext(accepted.Acceptor);
        });
        Receive<AcceptFailed>(failed => AcceptNext(failed.Acceptor));
        Receive<Closed>(_ => { });
        Receive<Close>(_ => CloseListeners());
    }

    protected string Purpose { get; }

    protected ILogger Logger { get; }

    protected EngineServices Services { get; }

    /// <summary>A client is here. The socket is the callee's.</summary>
    protected abstract void Take(Socket client);

    protected override void PostRestart(Exception reason) => Self.Tell(Reopen.Instance);

    protected override void PostStop() => CloseListeners();

    /// <returns><see cref="Listening"/> or <see cref="TunnelFailed"/>.</returns>
    private object Listen()
    {
        if (_closed.IsCancellationRequested)
            _closed = new(); // The last attempt has failed.
        try
        {
            foreach (var endPoint in _endPoints)
                Listen(endPoint);
        }
        catch (TunnelException failed)
        {
            CloseListeners();
            return new TunnelFailed(failed.Failure, failed.Message);
        }

        foreach (var acceptor in _acceptors)
        {
            Logger.Listening(acceptor.EndPoint, Purpose);
            AcceptNext(acceptor);
        }

        return new Listening([.. _acceptors.Select(acceptor => acceptor.EndPoint)]);
    }

    private void Listen(IPEndPoint endPoint)
    {
        var port = endPoint.Port == 0 && _acceptors.Count > 0 ? _acceptors[0].EndPoint.Port : endPoint.Port;
        try
        {
            _acceptors.Add(TcpAcceptor.Listen(new IPEndPoint(endPoint.Address, port), Backlog));
        }
        catch (TunnelException failed) when (_acceptors.Count > 0 && failed.InnerException is SocketException
        {
            SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported,
        })
        {
            Logger.ListenerMissing(endPoint.Address, failed.Message);
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
            Logger.AcceptFailed(acceptor.EndPoint, failed.Message);
            await Task.Delay(_acceptPause, Services.Time, CancellationToken.None).ConfigureAwait(false);
            return new AcceptFailed(acceptor);
        }
    }

    private void CloseListeners()
    {
        _closed.Cancel();
        _reopening?.Dispose();
        foreach (var acceptor in _acceptors)
            acceptor.Dispose();
        _acceptors.Clear();
    }

    private void ReopenLater(string reason)
    {
        var wait = _backoff.Next();
        Logger.EntryClosed(_endPoints[0], reason, wait.TotalSeconds);
        var self = Self;
        _reopening = Services.Time.CreateTimer(_ => self.Tell(Reopen.Instance), null, wait, Timeout.InfiniteTimeSpan);
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
