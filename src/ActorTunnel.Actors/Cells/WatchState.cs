namespace ActorTunnel.Actors.Cells;

/// <summary>Whom an actor watches and who watches it. Only the actor's slice comes here.</summary>
internal sealed class WatchState
{
    /// <summary>Whose death this actor wants to hear of and has not yet.</summary>
    public HashSet<ActorRefBase> Watching { get; } = [];

    /// <summary>Whose <see cref="Terminated"/> is queued. One that was unwatched since is not handed to the actor.</summary>
    public HashSet<IActorRef> TerminatedQueued { get; } = [];

    /// <summary>Who wants to hear of this actor's death, its parent aside, who always does.</summary>
    public HashSet<ActorRefBase> Watchers { get; } = [];
}
