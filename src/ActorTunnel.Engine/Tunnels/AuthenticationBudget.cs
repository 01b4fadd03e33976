namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// How many logins may fail: a login of unproven credentials takes one of few places before it begins, because it may fail, gives it
/// back when it succeeds, and otherwise loses it until the server has forgotten.
/// </summary>
internal sealed class AuthenticationBudget(int limit, TimeSpan recovery, TimeProvider time)
{
    // When each failure will be forgotten, one after the other as sshd does; never more than the limit.
    private readonly Queue<long> _forgotten = new();
    private long _lastForgotten;
    private int _underWay;

    /// <summary>Takes a place for a login.</summary>
    public bool TryTake()
    {
        while (_forgotten.TryPeek(out var at) && at <= time.GetTimestamp())
            _forgotten.Dequeue();
        if (_underWay + _forgotten.Count >= limit)
            return false;
        _underWay++;
        return true;
    }

    /// <summary>The login did not fail.</summary>
    public void Return() => _underWay--;

    /// <summary>The login failed.</summary>
    public void Spend()
    {
        _underWay--;
        AddFailure();
    }

    /// <summary>A login failed that had no place: its credentials had been good before.</summary>
    public void AddFailure()
    {
        _lastForgotten = Math.Max(_lastForgotten, time.GetTimestamp()) + (long)(recovery.TotalSeconds * time.TimestampFrequency);
        if (_forgotten.Count == limit)
            _forgotten.Dequeue();
        _forgotten.Enqueue(_lastForgotten);
    }

    /// <summary>When the next place is free by itself; null: when a login that is under way ends.</summary>
    public TimeSpan? UntilRecovery() =>
        _forgotten.TryPeek(out var at) ? time.GetElapsedTime(Math.Min(at, time.GetTimestamp()), at) : null;
}
