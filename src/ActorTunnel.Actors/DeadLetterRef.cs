using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors;

/// <summary>Where messages end that have no receiver: they are published, not kept.</summary>
internal sealed class DeadLetterRef(ActorSystem system, ActorPath path) : ActorRefBase
{
    public override ActorPath Path { get; } = path;

    internal override ActorSystem System => system;

    internal override void Send(SystemMessage message)
    {
        if (message is Watch watch)
            watch.Watcher.Send(new DeathWatchNotification(this));
    }

    private protected override void Deliver(object message, IActorRef? sender)
    {
        if (message is AllDeadLetters letter)
            system.EventStream.Publish(letter);
        else
            system.PublishDeadLetter(message, sender, this);
    }
}
