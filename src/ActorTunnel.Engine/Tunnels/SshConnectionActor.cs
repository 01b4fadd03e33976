using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// One SSH connection: ask whether it may, connect, authenticate, keep alive, lose. Tells its pool <see cref="TunnelReady"/> or
/// <see cref="TunnelFailed"/> once, and <see cref="TunnelLost"/> when a ready connection is over; then it stops. It is never restarted:
/// the pool makes another.
/// </summary>
internal sealed class SshConnectionActor : ReceiveActor
{
    private readonly TunnelProfile _profile;
    private readonly TunnelIdentity _identity;
    private readonly IActorRef _server;
    private readonly DialContext _context;
    private readonly Dial _dial;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private Task<object>? _dialled;
    private ISshTransport? _transport;
    private ITimer? _keepAlive;
    private bool _pingUnderWay;
    private int _unanswered;

    public SshConnectionActor(TunnelProfile profile, TunnelIdentity identity, IActorRef server, DialContext context, Dial dial)
    {
        _profile = profile;
        _identity = identity;
        _server = server;
        _context = context;
        _dial = dial;
        _logger = context.Services.Loggers.CreateLogger("ActorTunnel.Tunnels");

        Receive<DialGranted>(_ =>
        {
            _logger.Dialling(_identity.ToString());
            _dialled = _dial(_profile, _context with { Tunnels = Self }, _stopped.Token);
            _dialled.PipeTo(Self);
        });
        Receive<NotNeeded>(_ =>
        {
            if (_dialled is null)
                EndWith(NotDialled.Instance);
        });
        // The dialler asks for the jump host: this connection uses that one, as long as it lives.
        Receive<GetTunnel>(get => _context.Tunnels.Tell(get with { User = Self }, Sender));
        Receive<TunnelReady>(ready => Keep(ready));
        Receive<TunnelFailed>(failed =>
        {
            _server.Tell(new DialEnded(failed));
            EndWith(failed);
        });
        Receive<TunnelLost>(lost => EndWith(lost));
        Receive<KeepAliveDue>(_ => AskWhetherItLives());
        Receive<Pong>(_ =>
        {
            _pingUnderWay = false;
            _unanswered = 0;
            _logger.KeepAliveAnswered(_profile.Host);
        });
        Receive<Status.Failure>(failure =>
        {
            if (_transport is null)
                throw new InvalidOperationException("Dialling failed unexpectedly.", failure.Cause);
            _pingUnderWay = false; // The connection broke under the question; Closed tells it as well.
        });
    }

    protected override void PreStart() => _server.Tell(new AskToDial(_identity));

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        _keepAlive?.Dispose();
        if (_dialled is not null)
            _ = CloseAsync(_dialled);
    }

    /// <summary>Also the connection that was just being made: nobody else knows of it, and it would stay open.</summary>
    private static async Task CloseAsync(Task<object> dialled)
    {
        if (await dialled.ConfigureAwait(false) is TunnelReady ready)
            await ready.Transport.DisposeAsync().ConfigureAwait(false);
    }

    private void Keep(TunnelReady ready)
    {
        _transport = ready.Transport;
        _transport.Closed.PipeTo(Self, success: end => new TunnelLost(end));
        if (_profile.KeepAliveInterval > TimeSpan.Zero)
            LookAfter(_profile.KeepAliveInterval);
        _server.Tell(new DialEnded(null));
        Context.Parent.Tell(ready);
    }

    /// <summary>
    /// Whatever the server sends shows that it lives, so one that is busy sending is not asked. One that is silent is, also while we send:
    /// bytes that only leave this machine show nothing, and TCP itself goes on for a quarter of an hour when nobody acknowledges them.
    /// </summary>
    private void AskWhetherItLives()
    {
        var interval = _profile.KeepAliveInterval;
        var silence = _context.Services.Time.GetElapsedTime(_transport!.LastReceived);
        if (silence < interval)
        {
            _unanswered = 0;
            LookAfter(interval - silence);
            return;
        }

        if (_pingUnderWay)
            _unanswered++;
        if (_unanswered >= _profile.KeepAliveCountMax)
        {
            _transport.Abort(SshFailure.Timeout, _unanswered == 0
                ? $"{_profile.Host} has been silent for {interval.TotalSeconds:0} s, and no question is allowed."
                : $"{_profile.Host} has not answered {_unanswered} keepalives.");
            return;
        }

        if (!_pingUnderWay)
        {
            _pingUnderWay = true;
            _transport.PingAsync(_stopped.Token).AsTask().PipeTo(Self, success: () => Pong.Instance);
        }

        LookAfter(interval);
    }

    private void LookAfter(TimeSpan time)
    {
        var self = Self;
        _keepAlive?.Dispose();
        _keepAlive = _context.Services.Time.CreateTimer(_ => self.Tell(KeepAliveDue.Instance), null, time, Timeout.InfiniteTimeSpan);
    }

    private void EndWith(object news)
    {
        Context.Parent.Tell(news);
        Context.Stop(Self);
    }

    private sealed record KeepAliveDue
    {
        public static KeepAliveDue Instance { get; } = new();
    }

    private sealed record Pong
    {
        public static Pong Instance { get; } = new();
    }
}
