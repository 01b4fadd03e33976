using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.Daemon;

/// <summary>What is open. Not for several threads.</summary>
/// <param name="opened">Told the lines of one that has been opened behind everybody's back.</param>
/// <param name="report">Told why one cannot be opened.</param>
/// <param name="time">The clock.</param>
internal sealed class EntryTable(Action<IReadOnlyList<string>> opened, Action<string> report, TimeProvider time)
{
    private readonly Dictionary<string, (Entry Entry, Attempts? Attempts)> _open = [];

    /// <summary>
    /// Closes what is not wanted any more or has changed, and opens what is new. What has not changed stays as it is.
    /// </summary>
    /// <returns>The lines of what has been opened, and why others could not be: they are tried again the next time.</returns>
    public async Task<(IReadOnlyList<string> Lines, IReadOnlyList<TunnelException> Failures)> ApplyAsync(
        IReadOnlyList<Entry> wanted, CancellationToken cancellationToken)
    {
        foreach (var (name, (entry, attempts)) in _open.ToList())
        {
            if (wanted.Any(other => other.Name == name && other.Stamp == entry.Stamp))
                continue;
            _open.Remove(name);
            if (attempts is not null)
                await attempts.DisposeAsync();
            await entry.CloseAsync();
        }

        var lines = new List<string>();
        var failures = new List<TunnelException>();
        foreach (var entry in wanted.Where(entry => !_open.ContainsKey(entry.Name)))
        {
            if (entry.NeedsServer)
            {
                _open.Add(entry.Name, (entry, new Attempts(entry, opened, report, time)));
                continue;
            }

            try
            {
                lines.AddRange(await entry.OpenAsync(cancellationToken));
                _open.Add(entry.Name, (entry, null));
            }
            catch (TunnelException failed)
            {
                failures.Add(new TunnelException(failed.Failure, $"{entry.Place}: {failed.Message}", failed));
            }
        }

        return (lines, failures);
    }

    /// <summary>Nothing more is tried. What is open is the engine's to close.</summary>
    public async Task EndAttemptsAsync()
    {
        foreach (var (_, attempts) in _open.Values)
        {
            if (attempts is not null)
                await attempts.DisposeAsync();
        }
    }
}
