namespace ActorTunnel.Actors;

/// <summary>
/// The address of an actor. It stays the same when the actor is restarted. Two are equal when path and <see cref="ActorPath.Uid"/> are:
/// an actor made later under the same name is another one. Messages to an actor that has terminated become <see cref="DeadLetter"/>s.
/// </summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>
{
    /// <summary>Where the actor is in the tree.</summary>
    ActorPath Path { get; }
}
