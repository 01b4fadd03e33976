using ActorTunnel.Cli.Daemon.Systemd;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.Daemon;

/// <summary>One engine for all that a configuration file asks for, and its changes while it runs.</summary>
internal sealed class ProxyDaemon(
    TunnelEngine engine,
    AuditLog? audit,
    ConfigurationLoader loader,
    CommandOutput output,
    ServiceManager manager,
    TimeProvider time)
{
    private readonly EntryTable _open = new(lines => Print(output, lines), output.Report, time);
    private readonly Entries _entries = new(engine);

    /// <summary>Opens all; a line for each listener is printed when all are open.</summary>
    /// <exception cref="TunnelException">A listener cannot be opened.</exception>
    public async Task StartAsync(LoadedConfiguration configuration, CancellationToken cancellationToken)
    {
        engine.Apply(configuration.Meaning.Rules);
        var (lines, failures) = await _open.ApplyAsync(_entries.Of(configuration), cancellationToken);
        if (failures is [var first, ..])
        {
            foreach (var failure in failures.Skip(1))
                output.Report(failure.Message);
            throw first;
        }

        Print(output, lines);
        manager.Ready(StatusOf(configuration));
    }

    /// <summary>Follows the file until it is told to stop.</summary>
    public async Task RunAsync(LoadedConfiguration configuration, ReloadTrigger trigger, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (await trigger.NextAsync(stop))
                    audit?.Reopen();
                manager.Reloading();
                if (await loader.LoadAsync(stop) is { } changed)
                {
                    await ApplyAsync(configuration, changed, stop);
                    configuration = changed;
                    Audit(Failure.None, StatusOf(configuration));
                }
                else
                {
                    const string Unchanged = "the configuration is not changed: what was read before holds";
                    output.Report(Unchanged);
                    Audit(Failure.Configuration, Unchanged);
                }

                trigger.Seen(loader.Hash);
                manager.Ready(StatusOf(configuration));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            manager.Stopping();
            await _open.EndAttemptsAsync();
        }
    }

    private void Audit(Failure outcome, string reason) => audit?.Write(new AuditRecord
    {
        Event = AuditEvent.Reload,
        Time = time.GetUtcNow().UtcDateTime,
        Outcome = outcome,
        Reason = reason,
    });

    private async Task ApplyAsync(LoadedConfiguration before, LoadedConfiguration now, CancellationToken stop)
    {
        engine.Apply(now.Meaning.Rules);
        var (lines, failures) = await _open.ApplyAsync(_entries.Of(now), stop);
        foreach (var gone in before.Profiles.Values.Except(now.Profiles.Values))
            await gone.Retired.CancelAsync();
        Print(output, lines);
        foreach (var failure in failures)
            output.Report($"{failure.Message} It is tried again with the next change or SIGHUP; the rest of the configuration holds");
        if ((before.Meaning.Admission, before.Meaning.Audit) != (now.Meaning.Admission, now.Meaning.Audit))
            output.Report("limits and audit have changed: they hold from the next start");
        output.Report($"configuration read anew: {StatusOf(now)}");
    }

    private static string StatusOf(LoadedConfiguration configuration) =>
        $"{Count(configuration.Meaning.Rules.Rules.Count, "rule")}, {Count(configuration.Profiles.Count, "profile")}, "
        + Count(configuration.Meaning.Forwards.Count + configuration.Meaning.RemoteForwards.Count, "tunnel");

    private static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    private static void Print(CommandOutput output, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
            output.Result.WriteLine(line);
    }
}
