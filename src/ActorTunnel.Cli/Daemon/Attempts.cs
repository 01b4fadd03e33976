using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.Daemon;

/// <summary>Opens what needs an SSH server until it succeeds. From then on the engine keeps it.</summary>
internal sealed class Attempts : IAsyncDisposable
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    /// <summary>A server that does not let us in is not asked again and again: it may lock the account or the address.</summary>
    private static readonly TimeSpan _refused = TimeSpan.FromMinutes(5);

    private readonly Entry _entry;
    private readonly Action<string> _report;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public Attempts(Entry entry, Action<IReadOnlyList<string>> opened, Action<string> report, TimeProvider time)
    {
        (_entry, _report, _time) = (entry, report, time);
        _running = RunAsync(opened);
    }

    /// <summary>Completes when nothing is tried any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync(Action<IReadOnlyList<string>> opened)
    {
        try
        {
            for (var wait = _first; ; wait = wait * 2 < _longest ? wait * 2 : _longest)
            {
                try
                {
                    opened(await _entry.OpenAsync(_end.Token));
                    return;
                }
                catch (TunnelException failed)
                {
                    var refused = failed.Failure is Failure.HostKey or Failure.Authentication or Failure.Credential;
                    var pause = refused ? _refused : wait;
                    _report($"{_entry.Name}: {failed.Message}; next try in {pause.TotalSeconds:0} s");
                    await Task.Delay(pause, _time, _end.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Not wanted any more.
        }
    }
}
