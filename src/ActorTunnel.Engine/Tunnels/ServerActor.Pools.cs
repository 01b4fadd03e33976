using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.Tunnels;

/// <content>The pools of the identities: made for the first question, let go when nothing is left of them.</content>
internal sealed partial class ServerActor
{
    private readonly Dictionary<TunnelIdentity, Pool> _pools = [];
    private int _poolCount;

    // As the last question tells; null: none has come.
    private ServerIdentity? _server;
    private long _lastQuestion;
    private ITimer? _forgetting;

    private void ReceiveQuestions()
    {
        Receive<ForPool>(question => PassOn(question));
        Receive<PoolEmpty>(empty => LetGo(empty.Questions));
        Receive<PoolRestarted>(_ => TellCount());
        Receive<FailuresForgotten>(_ => TellIfEmpty());
    }

    private void PassOn(ForPool question)
    {
        var identity = question.Identity;
        (_server, _lastQuestion) = (identity.Server, question.Number);
        if (!_pools.TryGetValue(identity, out var pool))
        {
            if (Keep(question.Profile) is not { } kept)
            {
                Sender.Tell(TunnelFailed.SecretGone);
                TellIfEmpty();
                return;
            }

            var (profile, services, dial, tunnels) = (kept.Profile, _services, _dial, _tunnels);
            pool = new Pool(
                Context.ActorOf(
                    Props.Create(() => new TunnelPoolActor(profile, identity, services, dial, tunnels)),
                    ActorName.Of($"{profile.User}-{++_poolCount}")),
                kept);
            _pools.Add(identity, pool);
        }

        pool.Questions++;
        pool.Actor.Tell(question.Question, Sender);
    }

    /// <summary>Pools outlive those who ask; null: the secret was zeroed on the way here.</summary>
    private static KeptProfile? Keep(TunnelProfile profile)
    {
        try
        {
            return new KeptProfile(profile);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private void TellCount()
    {
        if (_pools.Values.FirstOrDefault(pool => pool.Actor.Equals(Sender)) is { } pool)
            pool.Actor.Tell(new Recount(pool.Questions));
    }

    private void LetGo(int questions)
    {
        var (identity, pool) = _pools.FirstOrDefault(entry => entry.Value.Actor.Equals(Sender));
        if (pool is null || pool.Questions != questions)
            return;
        _pools.Remove(identity);
        Context.Stop(pool.Actor);
        pool.Profile.Dispose();
        TellIfEmpty();
    }

    /// <summary>Only when no failure is remembered: those who provoke many must not make us forget by naming many servers.</summary>
    private void TellIfEmpty()
    {
        _forgetting?.Dispose();
        if (_pools.Count > 0 || _server is null)
            return;
        if (_refused.IsEmpty && _budget.IsWhole && _breaker.Refusal() is null)
        {
            Context.Parent.Tell(new ServerEmpty(_server, _lastQuestion));
            return;
        }

        var self = Self;
        var wait = TimeSpan.FromTicks(Math.Max(_limits.RefusedCredentialTime.Ticks, _limits.AuthenticationRecovery.Ticks));
        _forgetting = _services.Time.CreateTimer(_ => self.Tell(FailuresForgotten.Instance), null, wait, Timeout.InfiniteTimeSpan);
    }

    private void ZeroSecrets()
    {
        _forgetting?.Dispose();
        foreach (var pool in _pools.Values)
            pool.Profile.Dispose();
    }

    private sealed class Pool(IActorRef actor, KeptProfile profile)
    {
        public IActorRef Actor => actor;

        /// <summary>Kept here, not there, so that a restarted pool has it too.</summary>
        public KeptProfile Profile => profile;

        public int Questions { get; set; }
    }

    private sealed record FailuresForgotten
    {
        public static FailuresForgotten Instance { get; } = new();
    }
}
