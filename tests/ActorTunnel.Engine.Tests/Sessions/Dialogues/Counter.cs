using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>Counts up, and tells who waits for a number.</summary>
internal sealed class Counter
{
    private readonly Lock _gate = new(); // guards all below
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _count;

    public void Increase()
    {
        lock (_gate)
        {
            _count++;
            foreach (var (_, reached) in _waiting.Where(one => one.Count <= _count))
                reached.TrySetResult();
            _waiting.RemoveAll(one => one.Count <= _count);
        }
    }

    public Task ReachAsync(int count)
    {
        lock (_gate)
        {
            if (_count >= count)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task.Soon();
        }
    }
}
