using System.Diagnostics.CodeAnalysis;

namespace ActorTunnel.Actors;

/// <summary>Something worth a line in a log, published on the <see cref="EventStream"/>.</summary>
public abstract class LogEvent
{
    private protected LogEvent(Exception cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <summary>The exception behind it.</summary>
    public Exception Cause { get; }

    /// <summary>The path of the actor it happened to.</summary>
    public string LogSource { get; }

    /// <summary>The type that reports it.</summary>
    public Type LogClass { get; }

    /// <summary>What happened.</summary>
    public object Message { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} {LogSource} ({LogClass.Name}): {Message}";
}

/// <summary>An actor failed and was restarted or stopped, or one of its lifecycle methods threw.</summary>
[SuppressMessage("Naming", "CA1716:Identifiers should not match keywords", Justification = "The name is Akka.NET's.")]
public sealed class Error(Exception cause, string logSource, Type logClass, object message)
    : LogEvent(cause, logSource, logClass, message);

/// <summary>An actor failed and was resumed.</summary>
public sealed class Warning(Exception cause, string logSource, Type logClass, object message)
    : LogEvent(cause, logSource, logClass, message);
