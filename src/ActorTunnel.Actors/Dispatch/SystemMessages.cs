namespace ActorTunnel.Actors.Dispatch;

/// <summary>A message of the kernel itself. All that are waiting are handled before each message of the actor's protocol.</summary>
internal abstract class SystemMessage : QueueNode
{
    /// <summary>Kept back while the actor has failed and its supervisor has not decided yet.</summary>
    public virtual bool WaitsForSupervisor => false;

    /// <summary>Kept back while a restart waits for children to terminate.</summary>
    public virtual bool WaitsForChildren => false;
}

/// <summary>Make the first incarnation.</summary>
internal sealed class Create : SystemMessage;

/// <summary>Replace the incarnation by a new one.</summary>
internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;

    public override bool WaitsForChildren => true;
}

/// <summary>Handle no messages until as many <see cref="Resume"/> have come.</summary>
internal sealed class Suspend : SystemMessage
{
    public override bool WaitsForChildren => true;
}

/// <summary>
/// Takes one <see cref="Suspend"/> back. <paramref name="causedByFailure"/> is set when the receiver's own failure is forgiven.
/// </summary>
internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure { get; } = causedByFailure;

    public override bool WaitsForChildren => true;
}

/// <summary>Stop the children, then yourself.</summary>
internal sealed class Terminate : SystemMessage;

/// <summary>Tell <paramref name="watcher"/> when <paramref name="watchee"/>, the receiver, has terminated.</summary>
internal sealed class Watch(ActorRefBase watchee, ActorRefBase watcher) : SystemMessage
{
    public ActorRefBase Watchee { get; } = watchee;

    public ActorRefBase Watcher { get; } = watcher;
}

/// <summary>Takes a <see cref="Watch"/> back.</summary>
internal sealed class Unwatch(ActorRefBase watcher) : SystemMessage
{
    public ActorRefBase Watcher { get; } = watcher;
}

/// <summary>To the parent: <paramref name="child"/> is suspended and waits for a directive.</summary>
internal sealed class Failed(LocalActorRef child, Exception cause) : SystemMessage
{
    public LocalActorRef Child { get; } = child;

    public Exception Cause { get; } = cause;

    public override bool WaitsForSupervisor => true;

    public override bool WaitsForChildren => true;
}

/// <summary>To the parent and the watchers: <paramref name="actor"/> has terminated.</summary>
internal sealed class DeathWatchNotification(ActorRefBase actor) : SystemMessage
{
    public ActorRefBase Actor { get; } = actor;
}
