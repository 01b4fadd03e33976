namespace ActorTunnel.Actors;

/// <summary>A watched actor has terminated. Its sender is that actor.</summary>
public sealed class Terminated : IDeadLetterSuppression
{
    internal Terminated(IActorRef actorRef) => ActorRef = actorRef;

    /// <summary>Who has terminated.</summary>
    public IActorRef ActorRef { get; }

    /// <inheritdoc/>
    public override string ToString() => $"Terminated {ActorRef}";
}
