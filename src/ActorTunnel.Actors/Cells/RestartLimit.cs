namespace ActorTunnel.Actors.Cells;

/// <summary>How often a child may be restarted. A window opens with a restart, and the first one after its end opens the next.</summary>
internal sealed class RestartLimit(int? maximum, TimeSpan? window)
{
    private readonly TimeSpan? _window = window > TimeSpan.Zero ? window : null;

    private readonly int? _maximum = maximum switch
    {
        >= 0 => maximum,
        _ => window > TimeSpan.Zero ? 1 : null,
    };

    /// <summary>Counts a restart if there may be one.</summary>
    public bool TryCount(ref RestartCount count, TimeProvider time)
    {
        if (_maximum is null)
            return true;
        if (_maximum == 0)
            return false;

        var now = time.GetTimestamp();
        if (count.Restarts == 0 || (_window is { } length && time.GetElapsedTime(count.WindowStart, now) > length))
        {
            count = new RestartCount(1, now);
            return true;
        }

        if (count.Restarts >= _maximum)
            return false;
        count = count with { Restarts = count.Restarts + 1 };
        return true;
    }
}

/// <summary>Restarts of one child since <see cref="WindowStart"/>, a monotonic timestamp.</summary>
internal readonly record struct RestartCount(int Restarts, long WindowStart);
