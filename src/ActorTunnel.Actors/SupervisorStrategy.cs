using ActorTunnel.Actors.Cells;
using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors;

/// <summary>What a parent does about a child that failed. The child is suspended until the directive has been carried out.</summary>
public abstract class SupervisorStrategy
{
    private protected SupervisorStrategy()
    {
    }

    /// <summary>Restarts the child without limit, but stops what could not be started or neglected a death it watched.</summary>
    public static SupervisorStrategy DefaultStrategy { get; } = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops the child whatever happened.</summary>
    public static SupervisorStrategy StoppingStrategy { get; } = new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>False to escalate: the supervisor fails with the same cause.</summary>
    internal bool TryHandle(ActorCell supervisor, LocalActorRef child, Exception cause)
    {
        var directive = Decide(cause);
        Log(supervisor.System.EventStream, directive, child, cause);
        switch (directive)
        {
            case Directive.Resume:
                child.Send(new Resume(cause));
                return true;
            case Directive.Restart when MayRestart(supervisor, child):
                child.Send(new Recreate(cause));
                return true;
            case Directive.Restart or Directive.Stop:
                supervisor.Stop(child);
                return true;
            default:
                return false;
        }
    }

    private protected abstract Directive Decide(Exception cause);

    /// <summary>Counts a restart; false when the limit is reached.</summary>
    private protected abstract bool MayRestart(ActorCell supervisor, LocalActorRef child);

    private protected static Directive DefaultDecider(Exception cause) =>
        cause is ActorInitializationException or DeathPactException ? Directive.Stop : Directive.Restart;

    private void Log(EventStream events, Directive directive, LocalActorRef child, Exception cause)
    {
        var message = (cause is ActorInitializationException ? cause.GetBaseException() : cause).Message;
        var source = child.Path.ToString();

        // Whoever decides on an escalated failure logs it.
        if (directive is Directive.Resume)
            events.Publish(new Warning(cause, source, GetType(), message));
        else if (directive is not Directive.Escalate)
            events.Publish(new Error(cause, source, GetType(), message));
    }
}
