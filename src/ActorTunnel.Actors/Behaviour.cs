namespace ActorTunnel.Actors;

/// <summary>
/// Handlers in the order of their declaration, linked: most actors have a handful, and every byte counts by the thousands.
/// </summary>
internal sealed class Behaviour
{
    private Handler? _first;

    public void Add(Handler handler)
    {
        if (_first is null)
        {
            _first = handler;
            return;
        }

        var last = _first;
        while (last.Next is { } next)
            last = next;
        last.Next = handler;
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

    internal abstract class Handler
    {
        public Handler? Next { get; set; }

        public abstract bool TryHandle(object message);
    }

    internal sealed class TypeHandler<T>(Action<T> handler) : Handler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed)
                return false;
            handler(typed);
            return true;
        }
    }

    internal sealed class PredicateHandler<T>(Action<T> handler, Predicate<T> shouldHandle) : Handler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || !shouldHandle(typed))
                return false;
            handler(typed);
            return true;
        }
    }

    internal sealed class AttemptHandler<T>(Func<T, bool> handler) : Handler
    {
        public override bool TryHandle(object message) => message is T typed && handler(typed);
    }
}
