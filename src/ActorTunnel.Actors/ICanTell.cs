namespace ActorTunnel.Actors;

/// <summary>Whatever messages can be sent to.</summary>
public interface ICanTell
{
    /// <summary>
    /// Sends a message and returns at once. Messages of one sender to one receiver are handled in the order they were sent.
    /// </summary>
    /// <param name="message">An immutable message.</param>
    /// <param name="sender">Who is to be answered; null for nobody.</param>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    void Tell(object message, IActorRef? sender);
}
