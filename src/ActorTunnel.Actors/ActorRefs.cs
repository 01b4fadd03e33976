namespace ActorTunnel.Actors;

/// <summary>References that stand for no actor.</summary>
public static class ActorRefs
{
    /// <summary>Drops every message. What <see cref="IActorContext.Child"/> answers for a name that no child has.</summary>
    public static readonly IActorRef Nobody = new NobodyRef();

    /// <summary>The sender of a message that nobody wants an answer to; the receiver sees the system's dead letters.</summary>
    public static readonly IActorRef? NoSender;

    private sealed class NobodyRef : ActorRefBase
    {
        public override ActorPath Path { get; } = new(null, "Nobody", 0);

        private protected override void Deliver(object message, IActorRef? sender)
        {
        }
    }
}
