using System.Diagnostics;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Daemon;

/// <summary><c>actortunnel proxy</c> on this machine, with a configuration that a test changes.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private DaemonProcess(string file, ChildProcess process) => (File, _process) = (file, process);

    public string File { get; }

    /// <summary>What it has printed.</summary>
    public IReadOnlyList<string> Output => [.. _process.Output.Lines];

    /// <summary>What it has said on standard error.</summary>
    public string Errors => string.Join('\n', _process.Errors.Lines);

    public int Id => _process.Id;

    /// <summary>Starts it; nothing is waited for.</summary>
    public static DaemonProcess Start(string file, string? notifySocket = null)
    {
        var command = new ProcessStartInfo(
            "setsid", ["dotnet", Path.Combine(AppContext.BaseDirectory, "actortunnel.dll"), "proxy", "-v", "-c", file]);
        command.Environment["SSH_AUTH_SOCK"] = "";
        command.Environment["NOTIFY_SOCKET"] = notifySocket ?? "";
        return new DaemonProcess(file, ChildProcess.Start(command));
    }

    /// <summary>The line of standard output that begins so.</summary>
    public async Task<string> PrintsAsync(string start) =>
        await _process.Output.FindAsync(line => line.StartsWith(start, StringComparison.Ordinal), _limit)
        ?? throw new InvalidOperationException($"it did not print '{start}': {Errors}");

    /// <summary>The line of standard error that has this in it.</summary>
    public async Task<string> SaysAsync(string part) =>
        await _process.Errors.FindAsync(line => line.Contains(part, StringComparison.Ordinal), _limit)
        ?? throw new InvalidOperationException($"it did not say '{part}': {Errors}");

    /// <summary>Changes the configuration in one step, as editors do.</summary>
    public void Change(string text)
    {
        System.IO.File.WriteAllText($"{File}.new", text);
        System.IO.File.Move($"{File}.new", File, overwrite: true);
    }

    public Task SignalAsync(string signal) => _process.SignalAsync(signal);

    public Task<Outcome> ToEndAsync() => _process.ToEndAsync(_limit);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
