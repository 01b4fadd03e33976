using ActorTunnel.Actors.Cells;

namespace ActorTunnel.Actors.Tests.Kernel;

public sealed class RestartLimitTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void C9_the_window_opens_with_a_restart_and_again_after_its_end()
    {
        var limit = new RestartLimit(2, TimeSpan.FromSeconds(5));
        var count = default(RestartCount);

        Assert.True(limit.TryCount(ref count, _time));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(limit.TryCount(ref count, _time));
        Assert.False(limit.TryCount(ref count, _time));

        // The window is not a sliding one: it counts from its first restart.
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(limit.TryCount(ref count, _time));
        Assert.True(limit.TryCount(ref count, _time));
        Assert.False(limit.TryCount(ref count, _time));
    }

    [Theory]
    [InlineData(null, null, 3)]
    [InlineData(-1, null, 3)]
    [InlineData(0, null, 0)]
    [InlineData(2, null, 2)]
    [InlineData(2, 0, 2)]
    [InlineData(-1, -1, 3)]
    public void C9_without_a_window_the_limit_is_for_life(int? maximum, int? windowMilliseconds, int allowed)
    {
        var limit = new RestartLimit(maximum, windowMilliseconds is { } length ? TimeSpan.FromMilliseconds(length) : null);
        var count = default(RestartCount);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i < allowed, limit.TryCount(ref count, _time));
            _time.Advance(TimeSpan.FromDays(1));
        }
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
