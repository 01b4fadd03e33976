using System.Diagnostics.CodeAnalysis;
using ActorTunnel.Actors.Cells;

namespace ActorTunnel.Actors;

/// <summary>
/// The life of an actor. All members run one at a time, on the actor's own behalf; <see cref="Context"/>, <see cref="Self"/> and
/// <see cref="Sender"/> exist only then, on that thread, and have to be kept in locals before any await.
/// </summary>
public abstract class ActorBase
{
    /// <summary>Called by the kernel only.</summary>
    /// <exception cref="ActorInitializationException">It was called by somebody else.</exception>
    protected ActorBase()
    {
        if (ActorCell.Current is null)
            throw new ActorInitializationException("An actor is made by ActorOf(Props.Create(() => new ...)), not by new alone.");
    }

    /// <summary>The surroundings of the actor that runs on this thread.</summary>
    /// <exception cref="NotSupportedException">None does.</exception>
    protected static IActorContext Context => ActorCell.Current ?? throw new NotSupportedException(
        "There is no active ActorContext: this code does not run on behalf of an actor. Keep Self and Sender in locals before an await.");

    /// <summary>This actor.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "An instance member in Akka.NET.")]
    protected IActorRef Self => Context.Self;

    /// <summary>The sender of the message in hand.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "An instance member in Akka.NET.")]
    protected IActorRef Sender => Context.Sender;

    internal void AroundPreStart() => PreStart();

    internal void AroundPostStop() => PostStop();

    internal void AroundPreRestart(Exception reason, object? message) => PreRestart(reason, message);

    internal void AroundPostRestart(Exception reason) => PostRestart(reason);

    internal SupervisorStrategy AroundSupervisorStrategy() => SupervisorStrategy();

    internal void AroundUnhandled(object message) => Unhandled(message);

    /// <summary>Called when the outermost constructor has returned.</summary>
    internal virtual void EndConstruction()
    {
    }

    /// <summary>False when no handler wants the message.</summary>
    internal abstract bool Handle(object message);

    /// <summary>Runs before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Runs last, when the children have terminated. What it throws is logged and stops nothing.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>
    /// Runs on the incarnation that failed, before it is replaced. By default the children are stopped and <see cref="PostStop"/> runs.
    /// </summary>
    /// <param name="reason">What the handler threw.</param>
    /// <param name="message">The message that was in hand, if any. It is not handled again.</param>
    protected virtual void PreRestart(Exception reason, object? message)
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>Runs on the new incarnation, before its first message. By default <see cref="PreStart"/> runs.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>What is done about children that fail; asked once for each incarnation.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actors.SupervisorStrategy.DefaultStrategy;

    /// <summary>
    /// Gets the messages that no handler wants. By default they are published as <see cref="UnhandledMessage"/>.
    /// </summary>
    /// <exception cref="DeathPactException">The message is <see cref="Terminated"/>.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
            throw new DeathPactException(terminated.ActorRef);
        Context.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }
}
