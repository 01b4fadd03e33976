namespace ActorTunnel.Actors;

/// <summary>Handlers in the order of their declaration, linked: most actors have a handful, and every byte counts by the thousands.</summary>
internal sealed class Behaviour
{
    private Handler? _first;

    public void Add<T>(Action<T> handler, Predicate<T>? shouldHandle)
    {
        Handler added = shouldHandle is null ? new TypeHandler<T>(handler) : new PredicateHandler<T>(handler, shouldHandle);
        if (_first is null)
        {
            _first = added;
            return;
        }

        var last = _first;
        while (last.Next is { } next)
            last = next;
        last.Next = added;
    }

    public bool TryHandle(object message)
    {
        for (var handler = _first; handler is not null; handler = handler.Next)
        {
            if (handler.TryHandle(message))
                return true;
        }

        return false;
    }

    private abstract class Handler
    {
        public Handler? Next { get; set; }

        public abstract bool TryHandle(object message);
    }

    private sealed class TypeHandler<T>(Action<T> handler) : Handler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed)
                return false;
            handler(typed);
            return true;
        }
    }

    private sealed class PredicateHandler<T>(Action<T> handler, Predicate<T> shouldHandle) : Handler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || !shouldHandle(typed))
                return false;
            handler(typed);
            return true;
        }
    }
}
