using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Tunnels;

public sealed class PaceTests
{
    private const int Rate = 100_000;
    private const int Burst = 10_000;

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Without_a_rate_everything_may_go()
    {
        var pace = new Pace(null, _time);
        pace.Spend(int.MaxValue);

        Assert.Equal(int.MaxValue, pace.Allowed(int.MaxValue));
        await pace.WaitAsync(CancellationToken.None).Soon(); // No clock moves.
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 100)]
    [InlineData(50, 5_000)]
    [InlineData(100, Burst)]
    [InlineData(3_600_000, Burst)]
    public void What_is_earned_in_a_time_is_exact_and_at_most_a_tenth_of_a_second(int milliseconds, int bytes)
    {
        var pace = Spent();

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(bytes, pace.Allowed(int.MaxValue));
    }

    [Fact]
    public void Asking_often_loses_no_part_of_a_byte()
    {
        var pace = new Pace(3, _time);
        pace.Spend(1);
        var bytes = 0;
        for (var i = 0; i < 10_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            var now = pace.Allowed(1);
            pace.Spend(now);
            bytes += now;
        }

        Assert.Equal(30, bytes);
    }

    [Fact]
    public void In_no_time_more_goes_than_the_rate_and_the_burst() =>
        Prop.ForAll(
                Gen.Choose(1, 10_000_000).ToArbitrary(),
                Gen.ArrayOf(Gen.Zip(Gen.Choose(0, 2_000), Gen.Choose(1, 300_000))).ToArbitrary(),
                (rate, steps) =>
                {
                    var time = new ManualTimeProvider();
                    var pace = new Pace(rate, time);
                    long gone = 0;
                    foreach (var (wait, wanted) in steps)
                    {
                        time.Advance(TimeSpan.FromMilliseconds(wait));
                        var now = pace.Allowed(wanted);
                        pace.Spend(now);
                        gone += now;
                        Assert.True(gone <= Math.Max(1, rate / 10) + (rate * time.GetTimestamp() / TimeSpan.TicksPerSecond));
                    }
                })
            .Check(Seeded.Cases);

    [Fact]
    public async Task Who_waits_may_send_half_a_burst_then()
    {
        var pace = Spent();
        var waiting = pace.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        await _time.ElapseAsync(TimeSpan.FromMilliseconds(50));

        await waiting.Soon();
        Assert.Equal(Burst / 2, pace.Allowed(int.MaxValue));
    }

    [Fact]
    public async Task Who_is_given_up_stops_waiting_at_once()
    {
        using var stop = new CancellationTokenSource();
        var waiting = Spent().WaitAsync(stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
    }

    private Pace Spent()
    {
        var pace = new Pace(Rate, _time);
        pace.Spend(pace.Allowed(int.MaxValue));
        return pace;
    }
}
