using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors.Cells;

/// <summary>
/// What stays of an actor from its first incarnation to its end: reference, mailbox, children, watches. Apart from posting, everything
/// happens within the slice of the mailbox, so no field needs a lock.
/// </summary>
internal sealed partial class ActorCell : Mailbox, IActorContext
{
    private readonly ActorRefBase _parent;
    private readonly Props _props;
    private readonly LocalActorRef _self;
    private ActorBase? _actor;

    // The message in hand and its sender. They stay after a failure, for PreRestart.
    private object? _message;
    private IActorRef? _sender;

    public ActorCell(ActorSystem system, Props props, ActorRefBase parent, LocalActorRef self)
    {
        System = system;
        _props = props;
        _parent = parent;
        _self = self;

        // A child made while its parent is suspended gets as many Resume as its siblings.
        if (parent is LocalActorRef { Cell: var cell })
            Suspensions = cell.Suspensions;
    }

    public ActorSystem System { get; }

    public IActorRef Self => _self;

    public IActorRef Sender => _sender ?? System.DeadLetters;

    public IActorRef Parent => _parent;

    /// <summary>The actor that runs on this thread.</summary>
    internal static ActorCell? Current => (ActorCell?)Running;

    private protected override void Handle(Envelope envelope)
    {
        _message = envelope.Message;
        _sender = envelope.Sender;
        try
        {
            Deliver(envelope.Message);
            _message = null;
            _sender = null;
        }
        catch (Exception cause) // Whatever an actor throws is its supervisor's to judge.
        {
            Fail(cause);
        }
    }

    private protected override void Handle(SystemMessage message)
    {
        if (_stage is Stage.Terminated)
        {
            _self.AnswerForTheDead(message);
            return;
        }

        try
        {
            switch (message)
            {
                case Create: CreateActor(); break;
                case Failed failed: Supervise(failed); break;
                case DeathWatchNotification notification: HandleDeath(notification.Actor); break;
                case Watch watch: AddWatcher(watch.Watcher); break;
                case Unwatch unwatch: _watches?.Watchers.Remove(unwatch.Watcher); break;
                case Suspend: SuspendAll(); break;
                case Resume resume: ResumeAll(resume.CausedByFailure); break;
                case Recreate recreate: RecreateActor(recreate.Cause); break;
                case Terminate: BeginTermination(); break;
            }
        }
        catch (Exception cause) // As above: constructors, lifecycle methods and deciders are the actor's code too.
        {
            Fail(cause);
        }
    }

    private void Deliver(object message)
    {
        switch (message)
        {
            case PoisonPill:
                _self.Send(new Terminate());
                return;
            case Terminated terminated when _watches?.TerminatedQueued.Remove(terminated.ActorRef) is not true:
                return;
        }

        var actor = _actor!;
        if (!actor.Handle(message))
            actor.AroundUnhandled(message);
    }

    private void LogError(Exception cause, string message) =>
        System.EventStream.Publish(new Error(cause, _self.Path.ToString(), _props.Type, message));
}
