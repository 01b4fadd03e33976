using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// The SSH connections of one identity (server and user). Whoever asks waits for the connection that is being made; a connection that
/// is lost is made again with backoff, before anybody asks.
/// </summary>
internal sealed class TunnelPoolActor : ReceiveActor
{
    private readonly TunnelProfile _profile;
    private readonly EngineServices _services;
    private readonly Dial _dial;
    private readonly ILogger _logger;
    private readonly string _server;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    // One question from each session that started while the connection was away. Emptied by every attempt, so it stays short.
    private readonly List<IActorRef> _waiting = [];
    private TunnelReady? _ready;
    private IActorRef? _connection;
    private ITimer? _redial;
    private bool _everConnected;
    private int _dials;

    public TunnelPoolActor(TunnelProfile profile, EngineServices services, Dial dial)
    {
        _profile = profile;
        _services = services;
        _dial = dial;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Tunnels");
        _server = $"{profile.User}@{profile.Host}:{profile.Port}";

        Receive<GetTunnel>(_ => Answer());
        Receive<TunnelReady>(ready => Connected(ready));
        Receive<TunnelFailed>(failed => Failed(failed));
        Receive<TunnelLost>(lost => Lost(lost.End));
        Receive<RedialDue>(_ => Dial());
        Receive<Terminated>(gone => ConnectionFailed(gone.ActorRef));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop() => _redial?.Dispose();

    private void Answer()
    {
        if (_ready is { Transport.Closed.IsCompleted: false })
        {
            Sender.Tell(_ready);
            return;
        }

        _waiting.Add(Sender);
        if (_connection is null && _redial is null)
            Dial();
    }

    private void Dial()
    {
        _redial?.Dispose();
        _redial = null;
        _logger.Dialling(_server);
        var profile = _profile;
        var (context, dial) = (new DialContext(_services, Context.Parent), _dial);
        _connection = Context.ActorOf(Props.Create(() => new SshConnectionActor(profile, context, dial)), $"ssh-{++_dials}");
        Context.Watch(_connection);
    }

    private void Connected(TunnelReady ready)
    {
        _ready = ready;
        _everConnected = true;
        _backoff.Reset();
        _profile.LoggedIn?.Invoke();
        _logger.Connected(_server, ready.Transport.HostKey.Fingerprint);
        AnswerWaiting(ready);
    }

    private void Failed(TunnelFailed failed)
    {
        _connection = null;
        AnswerWaiting(failed);
        if (!_everConnected)
            return; // The first connection is asked for by somebody who now knows.

        // A server that refuses us is not asked again and again: it may lock the account or the address.
        if (failed.Failure is Failure.HostKey or Failure.Authentication or Failure.Credential)
            _logger.NotRedialling(_server, failed.Message);
        else
            RedialLater(failed.Message);
    }

    private void Lost(SshEnd end)
    {
        _ready = null;
        _connection = null;
        _logger.Lost(_server, end.Message);
        RedialLater(end.Message);
    }

    /// <summary>A connection that has stopped without a last word has failed by a defect: whoever waits for it must not wait for ever.</summary>
    private void ConnectionFailed(IActorRef connection)
    {
        const string reason = "Internal error.";
        if (!connection.Equals(_connection))
            return;
        if (_ready is null)
            Failed(new TunnelFailed(Failure.Internal, reason));
        else
            Lost(new SshEnd(SshFailure.ConnectionLost, reason));
    }

    private void RedialLater(string reason)
    {
        var wait = _backoff.Next();
        _logger.Redialling(_server, reason, wait.TotalSeconds);
        var self = Self;
        _redial = _services.Time.CreateTimer(_ => self.Tell(RedialDue.Instance), null, wait, Timeout.InfiniteTimeSpan);
    }

    private void AnswerWaiting(object answer)
    {
        foreach (var waiting in _waiting)
            waiting.Tell(answer);
        _waiting.Clear();
    }

    private sealed record RedialDue
    {
        public static RedialDue Instance { get; } = new();
    }
}
