using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors;

/// <summary>Stopping an actor and knowing when it has stopped.</summary>
public static class GracefulStopSupport
{
    /// <summary>
    /// Sends <see cref="PoisonPill"/>; true when the actor has terminated, false when it has not in <paramref name="timeout"/>. An actor
    /// must not await its own end.
    /// </summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>As the other, with a message on which the actor stops itself.</summary>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        if (target is not ActorRefBase { System: { } system } actor)
            throw new ArgumentException("Only an actor of a system can be stopped.", nameof(target));

        var watcher = new TerminationRef(system.NextTemporaryPath());
        actor.Send(new Watch(actor, watcher));
        actor.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            await watcher.Terminated.WaitAsync(timeout).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            actor.Send(new Unwatch(watcher));
            return false;
        }
    }

    /// <summary>Watches one actor.</summary>
    private sealed class TerminationRef(ActorPath path) : ActorRefBase
    {
        private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ActorPath Path { get; } = path;

        public Task Terminated => _terminated.Task;

        internal override void Send(SystemMessage message)
        {
            if (message is DeathWatchNotification)
                _terminated.TrySetResult();
        }

        private protected override void Deliver(object message, IActorRef? sender)
        {
        }
    }
}
