using ActorTunnel.Actors.Cells;
using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors;

/// <summary>The reference of an actor.</summary>
internal sealed class LocalActorRef : ActorRefBase
{
    private readonly ActorCell _cell;

    public LocalActorRef(ActorSystem system, Props props, ActorRefBase parent, string name)
    {
        Path = new ActorPath(parent.Path, name, system.NextUid());
        _cell = new ActorCell(system, props, parent, this);
    }

    public override ActorPath Path { get; }

    internal override ActorSystem System => _cell.System;

    internal ActorCell Cell => _cell;

    internal override void Send(SystemMessage message)
    {
        if (!_cell.TryPost(message))
            AnswerForTheDead(message);
    }

    /// <summary>Whoever begins to watch a terminated actor is told at once; all else has come too late to matter.</summary>
    internal void AnswerForTheDead(SystemMessage message)
    {
        if (message is Watch watch)
            watch.Watcher.Send(new DeathWatchNotification(this));
    }

    private protected override void Deliver(object message, IActorRef? sender)
    {
        if (!_cell.TryPost(new Envelope(message, sender)))
            System.PublishDeadLetter(message, sender, this);
    }
}
