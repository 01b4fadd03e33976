namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// Waiting times between attempts: doubled each time up to a limit, and jittered so that many clients do not come back to a server in
/// step after it was away.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    /// <summary>The next wait: between half of it and all of it.</summary>
    public TimeSpan Next()
    {
        var full = Math.Min(longest.Ticks, first.Ticks * Math.Pow(2, _failures++));
        return TimeSpan.FromTicks((long)(full * (0.5 + (Random.Shared.NextDouble() / 2))));
    }

    /// <summary>After a success.</summary>
    public void Reset() => _failures = 0;
}
