using System.Diagnostics.CodeAnalysis;

namespace ActorTunnel.Actors;

/// <summary>What the actor kernel throws.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the kernel throws these.")]
public abstract class AkkaException : Exception
{
    private protected AkkaException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>
/// An actor could not be made: its constructor or <c>PreStart</c> threw, which <see cref="Exception.GetBaseException"/> tells.
/// </summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the kernel throws these.")]
public class ActorInitializationException : AkkaException
{
    internal ActorInitializationException(string message, IActorRef? actor = null, Exception? cause = null)
        : base(message, cause) => Actor = actor;

    /// <summary>The actor; null when it never had a reference.</summary>
    public IActorRef? Actor { get; }
}

/// <summary>An actor could not be restarted: the new incarnation's constructor or <c>PostRestart</c> threw.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the kernel throws these.")]
public sealed class PostRestartException : ActorInitializationException
{
    internal PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base($"Exception post restart ({originalCause.GetType().Name})", actor, cause) => OriginalCause = originalCause;

    /// <summary>What it was restarted for.</summary>
    public Exception OriginalCause { get; }
}

/// <summary>An actor did not handle the <see cref="Terminated"/> of an actor that it watched.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the kernel throws these.")]
public sealed class DeathPactException : AkkaException
{
    internal DeathPactException(IActorRef deadActor)
        : base($"Monitored actor [{deadActor}] terminated") => DeadActor = deadActor;

    /// <summary>Who terminated.</summary>
    public IActorRef DeadActor { get; }
}

/// <summary>No answer came in the time given to <c>Ask</c>.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the kernel throws these.")]
public sealed class AskTimeoutException : AkkaException
{
    internal AskTimeoutException(string message)
        : base(message)
    {
    }
}

/// <summary>A name for a new actor is illegal or taken.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the kernel throws these.")]
public sealed class InvalidActorNameException : AkkaException
{
    internal InvalidActorNameException(string message)
        : base(message)
    {
    }
}
