using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// The SSH connections of one identity. Whoever asks gets one with room, or waits for the one that is being made. This file: who asks,
/// who uses what, what happens to connections; Dialling.cs: when they are made.
/// </summary>
/// <remarks>
/// Who uses a connection is watched: its use ends with it, whatever ended it. When this actor fails by a defect its connections are lost,
/// which their sessions see, and whoever waits is told.
/// </remarks>
internal sealed partial class TunnelPoolActor : ReceiveActor
{
    /// <summary>A connection that nobody uses any more may still have bytes on their way: looked at again after this.</summary>
    private static readonly TimeSpan _drainLook = TimeSpan.FromMilliseconds(250);

    /// <summary>Of the connections that are kept always, one is enough while nobody uses them; none once the profile is retired.</summary>
    private static readonly TimeSpan _afterPeak = new PoolOptions().IdleTimeout;

    private readonly TunnelProfile _profile;
    private readonly TunnelIdentity _identity;
    private readonly EngineServices _services;
    private readonly Dial _dial;
    private readonly IActorRef _tunnels;
    private readonly ILogger _logger;
    private readonly Dictionary<IActorRef, PooledConnection> _connections = [];
    private readonly Dictionary<IActorRef, Use> _uses = [];

    // One question from each session that started while no connection had room: there are never more than sessions.
    private readonly List<Waiting> _waiting = [];
    private readonly CancellationTokenRegistration _retirement;
    private int _questions;

    public TunnelPoolActor(TunnelProfile profile, TunnelIdentity identity, EngineServices services, Dial dial, IActorRef tunnels)
    {
        _profile = profile;
        _identity = identity;
        _services = services;
        _dial = dial;
        _tunnels = tunnels;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Tunnels");

        Receive<GetTunnel>(get => Ask(new Waiting(Sender, get.User, get.Channels)));
        Receive<GetDataTunnel>(get => SpreadData(get.Control));
        Receive<TunnelReady>(ready => IfOurs(connection => Connected(connection, ready)));
        Receive<TunnelFailed>(failed => IfOurs(connection => Failed(connection, failed)));
        Receive<NotDialled>(_ => IfOurs(NotDialled));
        Receive<TunnelLost>(lost => IfOurs(connection => Lost(connection, lost.End)));
        Receive<RedialDue>(_ => Redial());
        Receive<IdleDue>(due => CloseIfIdle(due.Connection));
        Receive<ProfileRetired>(_ => KeepNoLonger());
        Receive<Recount>(recount =>
        {
            _questions = recount.Questions;
            RetireIfEmpty();
        });
        Receive<Terminated>(gone => Gone(gone.ActorRef));
        var self = Self;
        _retirement = profile.Retired.Register(() => self.Tell(ProfileRetired.Instance));
    }

    private PoolOptions Options => _profile.Pool;

    /// <summary>Whether a connection is kept while nobody uses it, and made anew when it is lost.</summary>
    private bool Keeps => Options.Keeps && !_profile.Retired.IsCancellationRequested;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreRestart(Exception reason, object? message)
    {
        // The question under which it failed is not in the list yet, or no more.
        if (message is IQuestion question)
            Sender.Tell(question.Unanswered);
        base.PreRestart(reason, message);
    }

    /// <summary>How many questions came before is forgotten, and without it nobody would ever let go of this pool and its secrets.</summary>
    protected override void PostRestart(Exception reason) => Context.Parent.Tell(PoolRestarted.Instance);

    protected override void PostStop()
    {
        _retirement.Dispose();
        _redial?.Dispose();
        foreach (var connection in _connections.Values)
            connection.Dispose();
        TellWaiting(TunnelFailed.Defect);
    }

    /// <summary>A connection that was closed here may have lost itself at the same moment.</summary>
    private void IfOurs(Action<PooledConnection> act)
    {
        if (_connections.TryGetValue(Sender, out var connection))
            act(connection);
    }

    private void Ask(Waiting question)
    {
        _questions++;
        if (question.User is { } user)
            Context.Watch(user);
        _waiting.Add(question);
        ServeWaiting();
        DialIfAsked();
    }

    private void ServeWaiting()
    {
        var served = 0;
        foreach (var question in _waiting)
        {
            // In the order they came: who needs much room must not wait for ever behind those who need little.
            if (LeastUsed(connection => HasRoom(connection, question.Channels)) is not { } connection)
                break;
            Begin(question.User, connection, question.Channels);
            question.Asker.Tell(connection.Ready!);
            served++;
        }

        _waiting.RemoveRange(0, served);
    }

    private void TellWaiting(TunnelFailed failed)
    {
        foreach (var question in _waiting)
            question.Asker.Tell(failed);
        _waiting.Clear();
    }

    private bool HasRoom(PooledConnection connection, int channels) =>
        connection.IsUsable && connection.Channels + channels <= Options.MaxChannelsPerConnection;

    private PooledConnection? LeastUsed(Func<PooledConnection, bool> allowed) =>
        _connections.Values.Where(allowed).MinBy(connection => connection.Channels);

    private void Begin(IActorRef? user, PooledConnection connection, int channels)
    {
        if (user is null)
        {
            WaitIdle(connection);
            return;
        }

        if (_uses.Remove(Context.Watch(user), out var before))
            before.Connection.Return(before.Channels);
        _uses.Add(user, new Use(connection, channels));
        connection.Use(channels);
    }

    private void End(IActorRef user)
    {
        if (!_uses.Remove(user, out var use))
            return;
        use.Connection.Return(use.Channels);
        WaitIdle(use.Connection);
        ServeWaiting();
    }

    private void WaitIdle(PooledConnection connection)
    {
        if (connection.Channels > 0)
            return;
        if (!Options.Keeps)
            LookAfter(Options.IdleTimeout, connection);
        else if (!Keeps || _connections.Count > 1)
            LookAfter(_afterPeak, connection);
    }

    /// <summary>What is in use stays until its last user has gone; what was kept without one is not wanted any more.</summary>
    private void KeepNoLonger()
    {
        if (!Options.Keeps)
            return; // Nothing is kept longer than its idle time.
        if (_waiting.Count == 0)
            StopRedial();
        foreach (var connection in _connections.Values.Where(connection => connection.Ready is not null))
            WaitIdle(connection);
        RetireIfEmpty();
    }

    private void LookAfter(TimeSpan time, PooledConnection connection)
    {
        var (self, due) = (Self, new IdleDue(connection));
        connection.Wait(_services.Time.CreateTimer(_ => self.Tell(due), null, time, Timeout.InfiniteTimeSpan));
    }

    private void CloseIfIdle(PooledConnection connection)
    {
        if (connection.Channels > 0 || !_connections.ContainsKey(connection.Actor))
            return;
        if (Keeps && !_connections.Values.Any(other => other != connection && other.IsUsable))
            return; // The one that is kept.

        // The user is gone, but sshd may still hold what it sent for a slow target, and forgets it when the connection ends.
        if (connection.Ready!.Transport.ChannelCount > 0)
        {
            LookAfter(_drainLook, connection);
            return;
        }

        _logger.ClosingIdle(_identity.ToString());
        Remove(connection);
        Context.Stop(connection.Actor);
        RetireIfEmpty();
    }

    private void Gone(IActorRef actor)
    {
        if (_connections.TryGetValue(actor, out var connection))
        {
            ConnectionFailed(connection);
            return;
        }

        if (_waiting.RemoveAll(question => actor.Equals(question.User)) > 0)
            StopWaitingIfNobodyDoes();
        End(actor);
        RetireIfEmpty();
    }

    private void Remove(PooledConnection connection)
    {
        connection.Dispose();
        _connections.Remove(connection.Actor);
        foreach (var user in _uses.Where(use => use.Value.Connection == connection).Select(use => use.Key).ToArray())
            _uses.Remove(user);
    }

    /// <summary>Nothing is left to do here, perhaps for ever: the server lets go of this pool unless a question is on its way.</summary>
    private void RetireIfEmpty()
    {
        if (_connections.Count == 0 && _waiting.Count == 0 && _redial is null)
            Context.Parent.Tell(new PoolEmpty(_questions));
    }

    private sealed record Waiting(IActorRef Asker, IActorRef? User, int Channels);

    private sealed record Use(PooledConnection Connection, int Channels);

    private sealed record IdleDue(PooledConnection Connection);

    private sealed record ProfileRetired
    {
        public static ProfileRetired Instance { get; } = new();
    }
}
