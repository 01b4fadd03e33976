using ActorTunnel.Actors.Cells;

namespace ActorTunnel.Actors;

/// <summary>Decides for the child that failed and leaves its siblings alone.</summary>
public sealed class OneForOneStrategy : SupervisorStrategy
{
    private readonly Func<Exception, Directive> _decider;
    private readonly RestartLimit _limit;

    /// <summary>Restarts without limit.</summary>
    /// <param name="localOnlyDecider">Chooses the directive for an exception.</param>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(null, null, localOnlyDecider)
    {
    }

    /// <summary>Limits restarts; the child is stopped when it fails again after that.</summary>
    /// <param name="maxNrOfRetries">Restarts in a window; 0 for none, null or negative for no limit (one when there is a window).</param>
    /// <param name="withinTimeRange">
    /// Length of the window, which opens with the first restart; null or zero for the whole life of the child.
    /// </param>
    /// <param name="localOnlyDecider">Chooses the directive for an exception.</param>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
    {
        ArgumentNullException.ThrowIfNull(localOnlyDecider);
        _decider = localOnlyDecider;
        _limit = new RestartLimit(maxNrOfRetries, withinTimeRange);
    }

    /// <summary>Limits restarts; the child is stopped when it fails again after that.</summary>
    /// <param name="maxNrOfRetries">Restarts in a window; 0 for none, negative for no limit (one when there is a window).</param>
    /// <param name="withinTimeMilliseconds">Length of the window in milliseconds; 0 or negative for the whole life of the child.</param>
    /// <param name="localOnlyDecider">Chooses the directive for an exception.</param>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), localOnlyDecider)
    {
    }

    private protected override Directive Decide(Exception cause) => _decider(cause);

    private protected override bool MayRestart(ActorCell supervisor, LocalActorRef child) => supervisor.CountRestart(child, _limit);
}
