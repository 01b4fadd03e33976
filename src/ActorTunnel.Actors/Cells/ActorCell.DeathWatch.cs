using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors.Cells;

internal sealed partial class ActorCell
{
    private WatchState? _watches;

    public IActorRef Watch(IActorRef subject)
    {
        var watched = (ActorRefBase)subject;
        if (watched == _self || !(_watches ??= new WatchState()).Watching.Add(watched))
            return subject;

        // A child's death is announced to its parent anyway.
        if (!IsChild(watched))
            watched.Send(new Watch(watched, _self));
        return subject;
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_watches is null)
            return subject;
        var watched = (ActorRefBase)subject;
        if (_watches.Watching.Remove(watched) && !IsChild(watched))
            watched.Send(new Unwatch(_self));
        _watches.TerminatedQueued.Remove(subject);
        return subject;
    }

    private bool IsChild(IActorRef actor) => _children?.Contains(actor) is true;

    private void AddWatcher(ActorRefBase watcher)
    {
        if (watcher != _self && watcher != _parent)
            (_watches ??= new WatchState()).Watchers.Add(watcher);
    }

    private void HandleDeath(ActorRefBase dead)
    {
        // Queued, so the child has left the tree and its name is free before the actor sees Terminated.
        if (_watches?.Watching.Remove(dead) is true && _stage is not Stage.Terminating)
        {
            _watches.TerminatedQueued.Add(dead);
            _self.Tell(new Terminated(dead), dead);
        }

        if (IsChild(dead))
            RemoveChild(dead);
    }

    private void UnwatchAll()
    {
        foreach (var watched in _watches?.Watching ?? [])
            watched.Send(new Unwatch(_self));
        _watches?.Watching.Clear();
    }

    private void TellWatchers()
    {
        _parent.Send(new DeathWatchNotification(_self));
        foreach (var watcher in _watches?.Watchers ?? [])
            watcher.Send(new DeathWatchNotification(_self));
    }
}
