using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors;

/// <summary>
/// What all references have in common. There is one object for each path and uid, so that equality is identity.
/// </summary>
internal abstract class ActorRefBase : IActorRef
{
    public abstract ActorPath Path { get; }

    /// <summary>The system whose actors this reference belongs to; null for <see cref="ActorRefs.Nobody"/>.</summary>
    internal virtual ActorSystem? System => null;

    public void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        Deliver(message, sender);
    }

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => $"[{Path}#{Path.Uid}]";

    /// <summary>Any thread. A reference that is no actor has nothing to do for most of them.</summary>
    internal virtual void Send(SystemMessage message)
    {
    }

    private protected abstract void Deliver(object message, IActorRef? sender);
}
