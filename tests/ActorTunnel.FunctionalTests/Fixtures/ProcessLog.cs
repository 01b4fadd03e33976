namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>Lines as a program says them, and a way to wait for one of them.</summary>
public sealed class ProcessLog
{
    // Guards both fields: lines arrive on the process's reader, waits come from the test.
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _more = NewSignal();
    private bool _ended;

    /// <summary>What has been said until now.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <summary>Takes a line; null is the end.</summary>
    public void Add(string? line)
    {
        lock (_gate)
        {
            if (line is null)
                _ended = true;
            else
                _lines.Add(line);
            _more.TrySetResult();
            _more = NewSignal();
        }
    }

    /// <summary>
    /// The first line, said already or yet to come, that <paramref name="isIt"/> accepts; null if the program ends before, or if
    /// <paramref name="limit"/> passes.
    /// </summary>
    public async Task<string?> FindAsync(Func<string, bool> isIt, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        var seen = 0;
        while (true)
        {
            Task more;
            lock (_gate)
            {
                for (; seen < _lines.Count; seen++)
                {
                    if (isIt(_lines[seen]))
                        return _lines[seen];
                }

                if (_ended)
                    return null;
                more = _more.Task;
            }

            await more.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (deadline.IsCancellationRequested)
                return null;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
