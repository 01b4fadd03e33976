using System.Threading.Tasks.Sources;

namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// One waiting caller at a time, without an allocation for each wait. Continuations never run inside the caller that completes:
/// that one may be the receive loop or hold a lock.
/// </summary>
internal sealed class Waiter<T> : IValueTaskSource<T>
{
    // Whoever waits may see the result before the completing call is over, and begin the next wait: the core does not stand a reset
    // in the middle of a completion.
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<T> _core = new() { RunContinuationsAsynchronously = true };
    private bool _isArmed;

    /// <summary>Begins a wait. The one before must have been awaited.</summary>
    public ValueTask<T> Arm()
    {
        lock (_gate)
        {
            _core.Reset();
            _isArmed = true;
            return new(this, _core.Version);
        }
    }

    /// <summary>False when nobody waits (any more): whatever was to be handed over stays with the caller.</summary>
    public bool TryComplete(T result)
    {
        lock (_gate)
        {
            if (!_isArmed)
                return false;
            _isArmed = false;
            _core.SetResult(result);
            return true;
        }
    }

    public bool TryFail(Exception exception)
    {
        lock (_gate)
        {
            if (!_isArmed)
                return false;
            _isArmed = false;
            _core.SetException(exception);
            return true;
        }
    }

    public T GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
