using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors.Cells;

internal sealed partial class ActorCell
{
    private Children? _children;

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidName(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]: use ASCII letters, digits and -_.*$+:@&=,!~';() and do not begin with $.");
        }

        if (_stage is Stage.Terminating or Stage.Terminated)
            throw new InvalidOperationException("Cannot create child while terminating or terminated");
        var child = NeedChildren().Add(name, unique => new LocalActorRef(System, props, _self, unique));
        child.Send(new Create());
        return child;
    }

    public IActorRef Child(string name) => _children?.Find(name) ?? ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => _children?.Snapshot() ?? [];

    public void Stop(IActorRef child)
    {
        _children?.MarkStopping(child);
        ((ActorRefBase)child).Send(new Terminate());
    }

    /// <summary>Counts a restart of a child; false when the limit is reached.</summary>
    internal bool CountRestart(LocalActorRef child, RestartLimit limit) => _children!.CountRestart(child, limit);

    /// <summary>The children, for <c>/user</c> made beforehand because any thread may add to them.</summary>
    internal Children NeedChildren() => _children ??= new Children();

    private void SendToChildren(Func<LocalActorRef, SystemMessage> message, IActorRef? except = null)
    {
        foreach (var child in _children?.Snapshot() ?? [])
        {
            if (child != except)
                child.Send(message(child));
        }
    }

    private void StopChildren()
    {
        foreach (var child in _children?.Snapshot() ?? [])
            Stop(child);
    }
}
