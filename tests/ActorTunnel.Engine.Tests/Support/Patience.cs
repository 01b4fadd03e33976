namespace ActorTunnel.Engine.Tests.Support;

/// <summary>What a test waits for happens, or the test fails: bounded, on the wall clock, never needed in full.</summary>
internal static class Patience
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    public static Task Soon(this Task task) => task.WaitAsync(_limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(_limit);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(_limit);

    public static Task Soon(this ValueTask task) => task.AsTask().WaitAsync(_limit);

    /// <summary>For a state that announces itself to nobody. Lets others run between two looks.</summary>
    public static Task UntilAsync(Func<bool> reached, string what) => UntilAsync(() => Task.FromResult(reached()), what);

    /// <summary>The same for a state that has to be asked for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> reached, string what)
    {
        using var limit = new CancellationTokenSource(_limit);
        while (!await reached())
        {
            Assert.False(limit.IsCancellationRequested, $"Waited for: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
