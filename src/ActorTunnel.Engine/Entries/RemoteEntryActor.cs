using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Entries;

/// <summary>
/// The listener of one remote forward, on the SSH server: each connection becomes a session. When the SSH connection is lost, or this
/// actor is restarted, it asks for the same port again.
/// </summary>
internal sealed class RemoteEntryActor : ReceiveActor
{
    /// <summary>A server that does not let us in is not asked again and again: it may lock the account or the address.</summary>
    private static readonly TimeSpan _refusedPause = TimeSpan.FromMinutes(5);

    private readonly RemoteForwardOptions _forward;
    private readonly TunnelProfile _profile;
    private readonly IActorRef _sessions;
    private readonly IActorRef _tunnels;
    private readonly EngineServices _services;
    private readonly ILogger _logger;
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    private readonly CancellationTokenSource _closed = new();

    // Who waits for the first outcome.
    private IActorRef? _asker;
    private Bound? _bound;
    private int _port;
    private ITimer? _retry;

    public RemoteEntryActor(
        RemoteForwardOptions forward, TunnelProfile profile, IActorRef sessions, IActorRef tunnels, EngineServices services)
    {
        _forward = forward;
        _profile = profile;
        _sessions = sessions;
        _tunnels = tunnels;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Entries");
        _port = forward.ListenPort;

        Receive<ListeningEntryActor.Open>(_ =>
        {
            _asker = Sender;
            AskForTunnel();
        });
        Receive<AskAgain>(_ => AskForTunnel());
        Receive<TunnelReady>(ready =>
        {
            var self = Self;
            ListenAsync(ready.Transport, channel => self.Tell(new Offered(channel, ready.Transport), ActorRefs.NoSender)).PipeTo(Self);
        });
        Receive<Bound>(Listening);
        Receive<TunnelFailed>(Failed);
        Receive<Offered>(Accept);
        Receive<TunnelLost>(lost => AskAgainLater(lost.End.Failure.ToFailure(), lost.End.Message));
        Receive<ListeningEntryActor.Close>(_ => CloseListener());
    }

    /// <summary>
    /// Then there is nothing that <c>GatewayPorts no</c> would change. Other names are the SSH server's to resolve, and 127.0.0.5 is
    /// another address than the one it binds then.
    /// </summary>
    private bool AsksForLoopback => _forward.BindAddress.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(_forward.BindAddress, out var address)
            && (address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback)));

    private string Name => $"{(_forward.BindAddress.Length == 0 ? "*" : _forward.BindAddress)}:{_port}";

    protected override void PostRestart(Exception reason) => Self.Tell(AskAgain.Instance);

    protected override void PostStop()
    {
        CloseListener();
        _retry?.Dispose();
        _asker?.Tell(new TunnelFailed(Failure.Shutdown, "Closed before the SSH server listened."));
    }

    private void AskForTunnel()
    {
        if (!_closed.IsCancellationRequested)
            _tunnels.Tell(new GetTunnel(_profile, Self));
    }

    /// <returns><see cref="Bound"/> or <see cref="TunnelFailed"/>.</returns>
    private async Task<object> ListenAsync(ISshTransport transport, Action<IOfferedChannel> accepted)
    {
        var probe = AsksForLoopback ? null : new GatewayProbe();
        var take = probe is null ? accepted : probe.Arrived;
        IRemoteListener? listener = null;
        try
        {
            listener = await transport
                .ListenAsync(_forward.BindAddress, _port, channel => Volatile.Read(ref take)(channel), _closed.Token).ConfigureAwait(false);
            var isLoopback = probe is null
                ? true
                : await probe
                    .IsLoopbackOnlyAsync(transport, _forward.BindAddress, listener.Port, _services.Time, _closed.Token)
                    .ConfigureAwait(false);
            Volatile.Write(ref take, accepted);
            return new Bound(listener, transport, isLoopback);
        }
        catch (SshException failed)
        {
            return new TunnelFailed(failed.Failure.ToFailure(), failed.Message);
        }
        catch (OperationCanceledException)
        {
            if (listener is not null)
                await listener.DisposeAsync().ConfigureAwait(false);
            return new TunnelFailed(Failure.Shutdown, "Stopped before the SSH server listened.");
        }
    }

    private void Listening(Bound bound)
    {
        if (_closed.IsCancellationRequested)
        {
            bound.Release();
            return;
        }

        _bound = bound;
        _port = bound.Listener.Port;
        _backoff.Reset();
        _logger.ListeningRemotely(Name, _profile.Host, $"{_forward.Host}:{_forward.HostPort}");
        if (bound.IsLoopback == true && !AsksForLoopback)
            _logger.LoopbackOnly(_profile.Host, _port);
        bound.Transport.Closed.PipeTo(Self, success: end => new TunnelLost(end));
        _asker?.Tell(new ForwardedRemotely(_port));
        _asker = null;
    }

    private void Failed(TunnelFailed failed)
    {
        if (_asker is null)
        {
            AskAgainLater(failed.Failure, failed.Message);
            return;
        }

        _asker.Tell(failed);
        Context.Stop(Self);
    }

    private void Accept(Offered offered)
    {
        if (_closed.IsCancellationRequested || !TcpSocket.TryParseOriginator(offered.Channel, out var client))
        {
            offered.Release();
        }
        else
        {
            var isLoopback = _bound?.IsLoopback ?? AsksForLoopback;
            _sessions.Tell(new NewRemoteSession(offered.Channel, client, offered.Transport, _forward, isLoopback)
            {
                Entry = Self.Path.Name,
                Profile = _profile,
            });
        }
    }

    private void AskAgainLater(Failure failure, string reason)
    {
        _bound = null;
        if (_closed.IsCancellationRequested)
            return;
        var wait = failure is Failure.HostKey or Failure.Authentication or Failure.Credential ? _refusedPause : _backoff.Next();
        _logger.RemoteEntryClosed(Name, _profile.Host, reason, wait.TotalSeconds);
        var self = Self;
        _retry?.Dispose();
        _retry = _services.Time.CreateTimer(_ => self.Tell(AskAgain.Instance), null, wait, Timeout.InfiniteTimeSpan);
    }

    private void CloseListener()
    {
        _closed.Cancel();
        _bound?.Release();
        _bound = null;
    }

    /// <summary>The answer to <see cref="ListeningEntryActor.Open"/>, unless it is <see cref="TunnelFailed"/>.</summary>
    public sealed record ForwardedRemotely(int Port);

    private sealed record AskAgain
    {
        public static AskAgain Instance { get; } = new();
    }

    private sealed record Bound(IRemoteListener Listener, ISshTransport Transport, bool? IsLoopback) : ICarriesResource
    {
        public void Release() => Listener.DisposeAsync().AsTask().PipeTo(ActorRefs.Nobody);
    }

    private sealed record Offered(IOfferedChannel Channel, ISshTransport Transport) : ICarriesResource
    {
        public void Release() => Channel.Refuse(ChannelOpenFailure.ConnectFailed, "no connection is taken");
    }
}
