namespace ActorTunnel.Actors;

/// <summary>
/// An actor that declares its handlers by type, in its constructor or in <see cref="Become"/>. They are tried in the order of their
/// declaration; the first that matches gets the message.
/// </summary>
public abstract class ReceiveActor : ActorBase
{
    private Behaviour _behaviour;

    // Where Receive adds: null when the constructor or the method given to Become is over.
    private Behaviour? _declaring;

    /// <summary>Opens the declaration of handlers, which ends with the constructor.</summary>
    protected ReceiveActor() => _declaring = _behaviour = new Behaviour();

    internal override void EndConstruction() => _declaring = null;

    internal override bool Handle(object message) => _behaviour.TryHandle(message);

    /// <summary>Handles messages of one type.</summary>
    /// <param name="handler">Handles the message.</param>
    /// <param name="shouldHandle">When it says false the next handler is tried.</param>
    /// <exception cref="InvalidOperationException">Called outside the constructor and <see cref="Become"/>.</exception>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Declare(shouldHandle is null
            ? new Behaviour.TypeHandler<T>(handler)
            : new Behaviour.PredicateHandler<T>(handler, shouldHandle));
    }

    /// <summary>Handles messages of one type, or not: when <paramref name="handler"/> says false the next handler is tried.</summary>
    /// <remarks>A lambda whose body has a truth value binds to this overload, in Akka.NET too.</remarks>
    /// <exception cref="InvalidOperationException">Called outside the constructor and <see cref="Become"/>.</exception>
    protected void Receive<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Declare(new Behaviour.AttemptHandler<T>(handler));
    }

    /// <summary>Replaces all handlers by those that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var outer = _declaring;
        var behaviour = new Behaviour();
        _declaring = behaviour;
        try
        {
            configure();
        }
        finally
        {
            _declaring = outer;
        }

        _behaviour = behaviour;
    }

    private void Declare(Behaviour.Handler handler)
    {
        if (_declaring is null)
            throw new InvalidOperationException("Call Receive in the actor's constructor or in the method given to Become.");
        _declaring.Add(handler);
    }
}
