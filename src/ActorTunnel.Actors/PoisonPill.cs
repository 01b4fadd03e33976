namespace ActorTunnel.Actors;

/// <summary>Stops the receiver when its turn among the other messages comes. The actor's handlers do not see it.</summary>
public sealed class PoisonPill : IDeadLetterSuppression
{
    private PoisonPill()
    {
    }

    /// <summary>The only one.</summary>
    public static PoisonPill Instance { get; } = new();
}
