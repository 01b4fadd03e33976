using System.Runtime.ExceptionServices;
using ActorTunnel.Actors.Dispatch;

namespace ActorTunnel.Actors.Cells;

internal sealed partial class ActorCell
{
    // Set from a failure until the supervisor's directive: this actor, or the child whose failure it escalated.
    private IActorRef? _perpetrator;

    private SupervisorStrategy? _strategy;
    private List<SystemMessage>? _kept;

    private protected override bool MustWait(SystemMessage message) => _stage switch
    {
        Stage.Creating or Stage.Recreating => message.WaitsForChildren,
        Stage.Terminated => false,
        _ => Suspensions > 0 && message.WaitsForSupervisor,
    };

    private protected override void Keep(SystemMessage message) => (_kept ??= []).Add(message);

    private protected override SystemMessage? TakeKept()
    {
        var index = _kept?.FindIndex(message => !MustWait(message)) ?? -1;
        if (index < 0)
            return null;
        var message = _kept![index];
        _kept.RemoveAt(index);
        return message;
    }

    /// <summary>Stops handling messages and asks the supervisor what to do.</summary>
    private void Fail(Exception cause)
    {
        if (_perpetrator is not null || _stage is Stage.Terminated)
            return;

        Suspensions++;
        _perpetrator = _message is Failed escalated ? escalated.Child : _self;
        SendToChildren(_ => new Suspend(), except: _perpetrator);
        _parent.Send(new Failed(_self, cause));
    }

    /// <summary>A child has failed: the strategy decides.</summary>
    private void Supervise(Failed failed)
    {
        // Seen by the decider, and by PreRestart when the failure is escalated.
        _message = failed;
        _sender = failed.Child;
        if (IsChild(failed.Child))
        {
            _strategy ??= _actor!.AroundSupervisorStrategy();
            if (!_strategy.TryHandle(this, failed.Child, failed.Cause))
                ExceptionDispatchInfo.Throw(failed.Cause);
        }

        _message = null;
        _sender = null;
    }

    /// <summary>The failure is over, and with it the message that caused it.</summary>
    private void Forgive()
    {
        _perpetrator = null;
        _message = null;
        _sender = null;
    }

    private void SuspendAll()
    {
        Suspensions++;
        SendToChildren(_ => new Suspend());
    }

    private void ResumeAll(Exception? causedByFailure)
    {
        if (_stage is Stage.Terminating)
            return;
        if (_actor is null)
        {
            // There is nothing to resume: the start failed.
            RetryCreation();
            return;
        }

        var perpetrator = _perpetrator;
        Suspensions--;
        if (causedByFailure is not null)
            Forgive();
        SendToChildren(child => new Resume(child == perpetrator ? causedByFailure : null));
    }

    private void RecreateActor(Exception cause)
    {
        if (_stage is Stage.Terminating)
            return;
        if (_actor is null)
        {
            RetryCreation();
            return;
        }

        try
        {
            _actor.AroundPreRestart(cause, _message);
        }
        catch (Exception failure) // The incarnation is being thrown away for a failure already; this one can only be logged.
        {
            LogError(failure, failure.Message);
        }

        _actor = null;
        _strategy = null;
        _restartCause = cause;
        AfterChildren(Stage.Recreating);
    }

    private void RetryCreation()
    {
        StopChildren();
        AfterChildren(Stage.Creating);
    }

    private void AfterChildren(Stage stage)
    {
        _stage = stage;
        if (_children?.AnyStopping is not true)
            Continue();
    }

    private void FinishCreation()
    {
        _stage = Stage.Normal;
        Suspensions--;
        Forgive();
        CreateActor();
    }

    private void FinishRecreation(Exception cause)
    {
        _stage = Stage.Normal;
        _restartCause = null;

        // Children that PreRestart kept; those that the new incarnation makes are not to be restarted.
        var survivors = _children?.Snapshot() ?? [];
        try
        {
            Suspensions--;
            Forgive();
            _actor = NewActor();
            _actor.AroundPostRestart(cause);
        }
        catch (Exception failure) // A type of its own, which the default strategy answers with Stop: else it could go on for ever.
        {
            _actor = null;
            Fail(new PostRestartException(_self, failure, cause));
            return;
        }

        foreach (var survivor in survivors)
            survivor.Send(new Recreate(cause));
    }
}
