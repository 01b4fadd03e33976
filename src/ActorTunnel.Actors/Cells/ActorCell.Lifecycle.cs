namespace ActorTunnel.Actors.Cells;

internal sealed partial class ActorCell
{
    private Stage _stage;

    // Why the incarnation is being replaced, while children are waited for.
    private Exception? _restartCause;

    private void CreateActor()
    {
        try
        {
            _actor = NewActor();
            _actor.AroundPreStart();
        }
        catch (Exception cause) // Wrapped, so that the supervisor can tell a failed start from a failed message.
        {
            // No PostStop for what did not start.
            _actor = null;
            throw new ActorInitializationException("Exception during creation", _self, cause);
        }
    }

    private ActorBase NewActor()
    {
        var actor = _props.NewActor();
        actor.EndConstruction();
        return actor;
    }

    private void BeginTermination()
    {
        if (_stage is Stage.Terminating)
            return;

        _stage = Stage.Terminating;
        UnwatchAll();
        _children?.Close();
        StopChildren();
        if (_children?.AnyStopping is not true)
        {
            FinishTermination();
            return;
        }

        // No message is handled while the children end, and their failures are nobody's concern any more.
        Suspensions++;
        _perpetrator = _self;
    }

    /// <summary>The order matters: children before PostStop (they are gone here), PostStop before anybody hears of the death.</summary>
    private void FinishTermination()
    {
        try
        {
            _actor?.AroundPostStop();
        }
        catch (Exception cause) // Nobody can be asked what to do about an actor that is gone: the log is what is left.
        {
            LogError(cause, cause.Message);
        }

        _stage = Stage.Terminated;
        foreach (var envelope in CloseMessages())
            System.PublishDeadLetter(envelope.Message, envelope.Sender, _self);
        CloseSystemMessages();
        TellWatchers();
        UnwatchAll();

        // References to a dead actor may live on; its state need not.
        // The children stay, empty and closed: a late ActorOf of the system has to be refused.
        _actor = null;
        _watches = null;
        _strategy = null;
        _perpetrator = null;
        _kept = null;
        _message = null;
        _sender = null;
    }

    private void RemoveChild(ActorRefBase child)
    {
        _children!.Remove(child);
        if (_stage is not Stage.Normal && !_children.AnyStopping)
            Continue();
    }

    /// <summary>Does what had to wait for the children.</summary>
    private void Continue()
    {
        switch (_stage)
        {
            case Stage.Creating: FinishCreation(); break;
            case Stage.Recreating: FinishRecreation(_restartCause!); break;
            case Stage.Terminating: FinishTermination(); break;
        }
    }
}
