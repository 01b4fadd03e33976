namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// How many logins may fail: a login of unproven credentials takes one of few places before it begins, because it may fail, gives it
/// back when it succeeds, and otherwise loses it until the server has forgotten.
/// </summary>
/// <remarks>
/// A hub that starts with many users would wait long for two places. So the places grow as a TCP connection's window does in slow start:
/// each success adds one, a failure or a pause takes all that were added. Who comes with many wrong passwords at once gets no more than
/// the limit; who mixes them into a busy start gets as many as log in at once, that one time.
/// </remarks>
internal sealed class AuthenticationBudget(int limit, TimeSpan recovery, TimeProvider time)
{
    // When each failure will be forgotten, one after the other as sshd does; never more than the limit.
    private readonly Queue<long> _forgotten = new();
    private long _lastForgotten;
    private int _underWay;

    // Logins in a row that have succeeded, and when the last one did.
    private int _successes;
    private long _lastSuccess;

    /// <summary>No failure is remembered.</summary>
    public bool IsWhole
    {
        get
        {
            Forget();
            return _forgotten.Count == 0;
        }
    }

    /// <summary>Takes a place for a login.</summary>
    public bool TryTake()
    {
        Forget();
        if (_underWay >= (_forgotten.Count > 0 ? limit - _forgotten.Count : limit + _successes))
            return false;
        _underWay++;
        return true;
    }

    /// <summary>The login succeeded.</summary>
    public void Succeed()
    {
        _underWay--;
        Forget();
        if (_forgotten.Count > 0)
            return;
        _successes++;
        _lastSuccess = time.GetTimestamp();
    }

    /// <summary>The login has told nothing about its credentials.</summary>
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
        _successes = 0;
        var (now, step) = (time.GetTimestamp(), (long)(recovery.TotalSeconds * time.TimestampFrequency));
        // Beyond the limit nothing is added: when all that were good are refused at once, by a fault behind the server, they are let in
        // again soon after it is mended.
        _lastForgotten = Math.Min(Math.Max(_lastForgotten, now) + step, now + limit * step);
        if (_forgotten.Count == limit)
            _forgotten.Dequeue();
        _forgotten.Enqueue(_lastForgotten);
    }

    /// <summary>When the next place is free by itself; null: when a login that is under way ends.</summary>
    public TimeSpan? UntilRecovery() =>
        _forgotten.TryPeek(out var at) ? time.GetElapsedTime(Math.Min(at, time.GetTimestamp()), at) : null;

    private void Forget()
    {
        while (_forgotten.TryPeek(out var at) && at <= time.GetTimestamp())
            _forgotten.Dequeue();
        if (_underWay == 0 && time.GetElapsedTime(_lastSuccess) >= recovery)
            _successes = 0;
    }
}
