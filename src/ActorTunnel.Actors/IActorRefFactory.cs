namespace ActorTunnel.Actors;

/// <summary>Makes actors: a system at the top of the tree, a context under its actor.</summary>
public interface IActorRefFactory
{
    /// <summary>Makes an actor and returns at once; its constructor and <c>PreStart</c> run on a thread of the pool.</summary>
    /// <param name="props">How to make it.</param>
    /// <param name="name">Unique among living siblings; null to have one given.</param>
    /// <exception cref="InvalidActorNameException">The name is taken by a sibling that has not terminated yet, or is illegal.</exception>
    /// <exception cref="InvalidOperationException">The parent is terminating.</exception>
    IActorRef ActorOf(Props props, string? name = null);
}
