using ActorTunnel.Actors.Cells;

namespace ActorTunnel.Actors;

/// <summary>Sending with the sender understood.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends a message from the actor that runs on this thread, or from nobody.</summary>
    public static void Tell(this IActorRef receiver, object message)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        receiver.Tell(message, ActorCell.Current?.Self);
    }
}
