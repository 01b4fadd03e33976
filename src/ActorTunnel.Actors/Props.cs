using System.Linq.Expressions;
using System.Reflection;

namespace ActorTunnel.Actors;

/// <summary>How to make an actor: its constructor and the arguments, which every incarnation gets again.</summary>
public sealed class Props
{
    private readonly ConstructorInvoker _constructor;
    private readonly object?[] _arguments;

    private Props(Type type, ConstructorInvoker constructor, object?[] arguments)
    {
        Type = type;
        _constructor = constructor;
        _arguments = arguments;
    }

    /// <summary>The type of the actor.</summary>
    public Type Type { get; }

    /// <summary>Takes the constructor call apart. The arguments are evaluated here and now, once.</summary>
    /// <param name="factory"><c>() => new TActor(arguments)</c> and nothing else.</param>
    /// <exception cref="ArgumentException"><paramref name="factory"/> is something else.</exception>
    public static Props Create<TActor>(Expression<Func<TActor>> factory)
        where TActor : ActorBase
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (factory.Body is not NewExpression { Constructor: { } constructor } creation)
            throw new ArgumentException("The create function must be a 'new T (args)' expression", nameof(factory));
        return new Props(typeof(TActor), ConstructorInvokers.Of(constructor), ExpressionArguments.Evaluate(creation));
    }

    internal ActorBase NewActor() => (ActorBase)_constructor.Invoke(_arguments.AsSpan());
}
