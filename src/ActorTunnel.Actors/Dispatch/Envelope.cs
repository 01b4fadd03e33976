namespace ActorTunnel.Actors.Dispatch;

/// <summary>A message of the actor's protocol, and who is to be answered.</summary>
internal sealed class Envelope(object message, IActorRef? sender) : QueueNode
{
    public object Message { get; } = message;

    public IActorRef? Sender { get; } = sender;
}
