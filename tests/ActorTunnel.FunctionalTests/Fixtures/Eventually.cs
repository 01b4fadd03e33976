namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>Waits for a state that nobody announces: a file that grows, a port that opens.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    public static Task IsTrueAsync(Func<bool> condition, string what) =>
        IsTrueAsync(() => Task.FromResult(condition()), what);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (!await condition())
        {
            Assert.True(time.GetElapsedTime(start) < (limit ?? _limit), $"waited in vain: {what}");
            await Task.Delay(_pause, time);
        }
    }
}
