namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// How many bytes may go now when so many are allowed a second: a token bucket. What is saved up while nothing goes is a tenth of a
/// second's bytes at most, so up to any moment no more than the rate and that tenth have gone. Not thread-safe: who sends owns it.
/// </summary>
internal sealed class Pace
{
    private readonly bool _isLimited;
    private readonly long _rate;
    private readonly long _most;
    private readonly TimeProvider _time;
    private long _level;
    private long _filled;

    // Parts of a byte that were earned: in bytes x timestamp frequency.
    private Int128 _rest;

    /// <param name="rate">Bytes a second, 1 or more; null: as many as go.</param>
    /// <param name="time">The clock.</param>
    public Pace(long? rate, TimeProvider time)
    {
        _isLimited = rate is not null;
        _rate = rate ?? 0;
        _most = Math.Max(1, _rate / 10);
        _time = time;
        _level = _most;
        _filled = time.GetTimestamp();
    }

    /// <summary>Up to so many of <paramref name="wanted"/> bytes may go now; 0: none.</summary>
    public int Allowed(int wanted)
    {
        if (!_isLimited)
            return wanted;
        Fill();
        return (int)Math.Min(wanted, _level);
    }

    /// <summary>So many have gone.</summary>
    public void Spend(int bytes)
    {
        if (_isLimited)
            _level -= bytes;
    }

    /// <summary>
    /// Completes when something may go: at once if that is now, otherwise when it is worth the while, so that waiting costs the same at any
    /// rate, some 20 times a second.
    /// </summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken) =>
        Allowed(1) > 0 ? ValueTask.CompletedTask : WaitForMoreAsync(cancellationToken);

    private async ValueTask WaitForMoreAsync(CancellationToken cancellationToken)
    {
        var worthwhile = (Int128)((_most + 1) / 2);
        var milliseconds = (long)(((worthwhile * 1000) + _rate - 1) / _rate); // Delays are whole ones.
        do
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _time, cancellationToken).ConfigureAwait(false);
        while (Allowed(1) == 0); // Timers and clock need not agree to the last tick.
    }

    private void Fill()
    {
        var now = _time.GetTimestamp();
        var earned = ((Int128)(now - _filled) * _rate) + _rest;
        _filled = now;
        var bytes = earned / _time.TimestampFrequency;
        if (bytes > _most - _level)
        {
            _level = _most;
            _rest = 0;
        }
        else
        {
            _level += (long)bytes;
            _rest = earned % _time.TimestampFrequency;
        }
    }
}
