using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// One SSH server: the pools of its identities, and what it is asked to bear from all of them together. Each connection asks here before
/// it dials. What a connection has been given ends with its actor, so nothing is lost when one fails. This file: who may dial; Pools.cs:
/// the identities.
/// </summary>
internal sealed partial class ServerActor : ReceiveActor
{
    /// <summary>Connections that wait for their turn; one more is refused.</summary>
    private const int MaxQueued = 1000;

    /// <summary>The rest is for proven identities: whoever tries many passwords fills no more than this.</summary>
    private const int MaxUnprovenQueued = 800;

    /// <summary>Identities known to be good; all are forgotten when there are more, and prove themselves once more.</summary>
    private const int MaxProven = 10_000;

    private readonly EngineServices _services;
    private readonly AdmissionOptions _limits;
    private readonly Dial _dial;
    private readonly IActorRef _tunnels;
    private readonly ILogger _logger;
    private readonly CircuitBreaker _breaker;
    private readonly AuthenticationBudget _budget;
    private readonly RefusedCredentials _refused;
    private readonly HashSet<TunnelIdentity> _proven = [];
    private readonly LinkedList<Queued> _queue = new();
    private readonly Dictionary<IActorRef, Dialling> _dialling = [];
    private readonly HashSet<IActorRef> _connected = [];
    private ITimer? _recovery;

    public ServerActor(EngineServices services, AdmissionOptions limits, Dial dial, IActorRef tunnels)
    {
        _services = services;
        _limits = limits;
        _dial = dial;
        _tunnels = tunnels;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Tunnels");
        _breaker = new(services.Time);
        _budget = new(limits.MaxAuthenticationFailures, limits.AuthenticationRecovery, services.Time);
        _refused = new(limits.RefusedCredentialTime, services.Time);

        ReceiveQuestions();
        Receive<AskToDial>(ask => Enqueue(ask.Identity));
        Receive<DialEnded>(ended => Ended(Sender, ended.Failed));
        Receive<WaitOver>(over => GiveUp(over.Connection));
        Receive<BudgetRecovered>(_ => GrantNext());
        Receive<Terminated>(gone => Gone(gone.ActorRef));
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        // Those whose questions the pools have are told by the pools, which stop.
        if (message is IQuestion question)
            Sender.Tell(question.Unanswered);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _recovery?.Dispose();
        foreach (var queued in _queue)
            queued.Timer.Dispose();
        ZeroSecrets();
    }

    private void Enqueue(TunnelIdentity asking)
    {
        var identity = asking with { Owner = null }; // The SSH server is not shown it: to let in or refuse, it is the same login.
        if ((_refused.Refusal(identity) ?? _breaker.Refusal()) is { } refusal)
        {
            Sender.Tell(refusal);
            return;
        }

        if (_queue.Count >= (_proven.Contains(identity) ? MaxQueued : MaxUnprovenQueued))
        {
            Sender.Tell(new TunnelFailed(Failure.Limit, $"{_queue.Count} connections to {identity.Server.Host} wait for their turn already."));
            return;
        }

        var (self, over) = (Self, new WaitOver(Sender));
        var timer = _services.Time.CreateTimer(_ => self.Tell(over), null, _limits.MaxWait, Timeout.InfiniteTimeSpan);
        _queue.AddLast(new Queued(Context.Watch(Sender), identity, timer));
        GrantNext();
    }

    private void GrantNext()
    {
        _recovery?.Dispose();
        for (var node = _queue.First; node is not null && _breaker.Refusal() is null && HasRoom;)
        {
            var (next, queued) = (node.Next, node.Value);
            if (_refused.Refusal(queued.Identity) is { } refusal)
                Leave(node, refusal);
            else if (_proven.Contains(queued.Identity))
                Grant(node, hasPlace: false);
            else if (_budget.TryTake())
                Grant(node, hasPlace: true);
            node = next;
        }

        if (_breaker.Refusal() is { } closed)
        {
            while (_queue.First is { } first)
                Leave(first, closed);
        }

        if (_queue.Count > 0 && HasRoom && _budget.UntilRecovery() is { } wait)
        {
            var self = Self;
            _recovery = _services.Time.CreateTimer(_ => self.Tell(BudgetRecovered.Instance), null, wait, Timeout.InfiniteTimeSpan);
        }
    }

    private bool HasRoom =>
        _dialling.Count < _limits.MaxConnecting && _dialling.Count + _connected.Count < _limits.MaxConnectionsPerServer;

    private void Grant(LinkedListNode<Queued> node, bool hasPlace)
    {
        _dialling.Add(node.Value.Connection, new Dialling(node.Value.Identity, hasPlace));
        _breaker.Dialling();
        Leave(node, DialGranted.Instance);
    }

    private void Leave(LinkedListNode<Queued> node, object answer)
    {
        node.Value.Timer.Dispose();
        node.Value.Connection.Tell(answer);
        _queue.Remove(node);
    }

    private void GiveUp(IActorRef connection)
    {
        if (Find(connection) is not { } node)
            return; // Its turn came at the same moment.
        var host = node.Value.Identity.Server.Host;
        var reason = _dialling.Count + _connected.Count >= _limits.MaxConnectionsPerServer
            ? $"There are {_limits.MaxConnectionsPerServer} connections to {host} already."
            : $"Too many logins at {host} at once, or too many that failed; try again later.";
        Leave(node, new TunnelFailed(Failure.Limit, reason));
    }

    private LinkedListNode<Queued>? Find(IActorRef connection)
    {
        for (var node = _queue.First; node is not null; node = node.Next)
        {
            if (node.Value.Connection.Equals(connection))
                return node;
        }

        return null;
    }

    private void Ended(IActorRef connection, TunnelFailed? failed)
    {
        if (!_dialling.Remove(connection, out var dialling))
            return;
        if (failed is null)
            LoggedIn(connection, dialling);
        else if (failed is { Failure: Failure.Authentication, Hop: null })
            Refused(dialling, failed);
        else
            NotMade(dialling, failed);
        GrantNext();
    }

    private void LoggedIn(IActorRef connection, Dialling dialling)
    {
        _connected.Add(connection);
        _breaker.Succeeded();
        if (_proven.Count == MaxProven)
            _proven.Clear();
        _proven.Add(dialling.Identity);
        if (dialling.HasPlace)
            _budget.Succeed();
    }

    private void NotMade(Dialling dialling, TunnelFailed failed)
    {
        if (failed.Hop is null && SaysThatTheServerIsAway(failed))
            _breaker.Failed(failed);
        else
            _breaker.GivenUp();
        if (!dialling.HasPlace)
            return;
        if (failed is { IsWithinLogin: true, Failure: Failure.ConnectionLost, Hop: null })
            _budget.Spend(); // sshd punishes who comes and says nothing, and cannot know who hung up.
        else
            _budget.Return();
    }

    private void Refused(Dialling dialling, TunnelFailed failed)
    {
        _breaker.Succeeded();
        _proven.Remove(dialling.Identity);
        _refused.Add(dialling.Identity, failed.Message);
        _logger.LoginRefused(dialling.Identity.ToString(), _limits.RefusedCredentialTime.TotalSeconds);
        if (dialling.HasPlace)
            _budget.Spend();
        else
            _budget.AddFailure();
    }

    // A server that hangs up in the middle of logins is there, and may mean their users: nobody else is to suffer from them.
    private static bool SaysThatTheServerIsAway(TunnelFailed failed) => failed.Failure switch
    {
        Failure.HostNotFound or Failure.ConnectionRefused or Failure.Unreachable or Failure.Timeout => true,
        Failure.ConnectionLost or Failure.Protocol => !failed.IsWithinLogin,
        _ => false,
    };

    private void Gone(IActorRef connection)
    {
        if (Find(connection) is { } node)
        {
            node.Value.Timer.Dispose();
            _queue.Remove(node);
        }
        else if (_dialling.Remove(connection, out var dialling))
        {
            _breaker.GivenUp();
            if (dialling.HasPlace)
                _budget.Return();
        }

        _connected.Remove(connection);
        GrantNext();
    }

    private sealed record Queued(IActorRef Connection, TunnelIdentity Identity, ITimer Timer);

    private sealed record Dialling(TunnelIdentity Identity, bool HasPlace);

    private sealed record WaitOver(IActorRef Connection);

    private sealed record BudgetRecovered
    {
        public static BudgetRecovered Instance { get; } = new();
    }
}
