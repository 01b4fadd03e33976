using System.Diagnostics.CodeAnalysis;

namespace ActorTunnel.Actors;

/// <summary>What an actor sees of its surroundings. It is there only while the actor handles something, on that thread.</summary>
public interface IActorContext : IActorRefFactory
{
    /// <summary>The actor.</summary>
    IActorRef Self { get; }

    /// <summary>The sender of the message in hand; the system's dead letters when it has none.</summary>
    IActorRef Sender { get; }

    /// <summary>The actor's supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>The system.</summary>
    ActorSystem System { get; }

    /// <summary>The child of that name, also while it terminates; else <see cref="ActorRefs.Nobody"/>.</summary>
    IActorRef Child(string name);

    /// <summary>The children that have not terminated yet.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>
    /// Stops a child or this actor itself and returns at once. The message in hand is finished, then the children of the actor stop, then
    /// it stops itself; messages still queued become dead letters.
    /// </summary>
    [SuppressMessage("Naming", "CA1716:Identifiers should not match keywords", Justification = "The name is Akka.NET's.")]
    void Stop(IActorRef child);

    /// <summary>
    /// Asks for one <see cref="Terminated"/> when <paramref name="subject"/> has terminated, be it long ago. An actor that does not handle
    /// it fails with a <see cref="DeathPactException"/>.
    /// </summary>
    /// <returns><paramref name="subject"/>.</returns>
    IActorRef Watch(IActorRef subject);

    /// <summary>Takes a <see cref="Watch"/> back. A <see cref="Terminated"/> that is queued already is not delivered either.</summary>
    /// <returns><paramref name="subject"/>.</returns>
    IActorRef Unwatch(IActorRef subject);
}
