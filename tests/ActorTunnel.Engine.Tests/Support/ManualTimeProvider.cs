namespace ActorTunnel.Engine.Tests.Support;

/// <summary>A clock that stands still until a test moves it. Timers fire on the thread that does.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate)
            return _now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until a timer is due in just this time, and lets that time pass.</summary>
    public async Task ElapseAsync(TimeSpan due)
    {
        await Patience.UntilAsync(() => IsDueIn(left => left == due), $"a timer of {due}");
        Advance(due);
    }

    /// <summary>Waits until a timer is due within this range, and lets the longest such time pass.</summary>
    public async Task ElapseAsync(TimeSpan least, TimeSpan most)
    {
        await Patience.UntilAsync(() => IsDueIn(left => left >= least && left <= most), $"a timer of {least} to {most}");
        Advance(most);
    }

    public bool IsDueIn(Predicate<TimeSpan> left)
    {
        lock (_gate)
            return _timers.Exists(timer => left(timer.Due - _now));
    }

    public void Advance(TimeSpan time)
    {
        var until = GetTimestamp() + time.Ticks;
        while (TakeDue(until) is { } due)
            due();
        lock (_gate)
            _now = TimeSpan.FromTicks(until);
    }

    private Action? TakeDue(long until)
    {
        lock (_gate)
        {
            var timer = _timers.Where(timer => timer.Due.Ticks <= until).MinBy(timer => timer.Due);
            if (timer is null)
                return null;
            _now = timer.Due;
            if (timer.Period > TimeSpan.Zero)
                timer.Due += timer.Period;
            else
                _timers.Remove(timer);
            return timer.Fire;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, Action fire) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = clock._now + dueTime;
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
