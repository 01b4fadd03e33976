using System.Threading.Tasks.Sources;

namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// One waiting caller at a time, without an allocation for each wait. Continuations never run inside the caller that completes:
/// that one may be the receive loop or hold a lock.
/// </summary>
internal sealed class Waiter<T> : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _core = new() { RunContinuationsAsynchronously = true };
    private int _armed;

    /// <summary>Begins a wait. The one before must have been awaited.</summary>
    public ValueTask<T> Arm()
    {
        _core.Reset();
        Volatile.Write(ref _armed, 1);
        return new(this, _core.Version);
    }

    /// <summary>False when nobody waits (any more): whatever was to be handed over stays with the caller.</summary>
    public bool TryComplete(T result)
    {
        if (Interlocked.Exchange(ref _armed, 0) == 0)
            return false;
        _core.SetResult(result);
        return true;
    }

    public bool TryFail(Exception exception)
    {
        if (Interlocked.Exchange(ref _armed, 0) == 0)
            return false;
        _core.SetException(exception);
        return true;
    }

    public T GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
