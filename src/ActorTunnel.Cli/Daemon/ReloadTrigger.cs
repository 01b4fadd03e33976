using System.Runtime.InteropServices;

namespace ActorTunnel.Cli.Daemon;

/// <summary>
/// Says when to read the configuration again: on SIGHUP, and when the file has another content that has stayed the same for a while. The
/// content is looked at and not the file system's word: so a file that is replaced, behind a symbolic link as in Kubernetes, or on a
/// network is noticed too, and a half-written one waited for.
/// </summary>
internal sealed class ReloadTrigger : IDisposable
{
    /// <summary>How often the file is looked at; it has settled when it is the same twice.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly PosixSignalRegistration _hangup;
    private volatile TaskCompletionSource _hungUp = NewSignal();
    private byte[] _known = [];
    private byte[]? _candidate;

    /// <param name="path">The configuration file.</param>
    /// <param name="time">The clock.</param>
    public ReloadTrigger(string path, TimeProvider time)
    {
        (_path, _time) = (path, time);
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _hungUp.TrySetResult();
        });
    }

    /// <summary>Waits for the next occasion. True: it was SIGHUP.</summary>
    public async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.WhenAny(_hungUp.Task, Task.Delay(Interval, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (_hungUp.Task.IsCompleted)
            {
                _hungUp = NewSignal();
                return true;
            }

            if (HasSettledAnew())
                return false;
        }
    }

    /// <summary>This has been read, by its hash.</summary>
    public void Seen(byte[] hash) => (_known, _candidate) = (hash, null);

    public void Dispose() => _hangup.Dispose();

    private bool HasSettledAnew()
    {
        var hash = ConfigurationText.HashOf(_path);
        var settled = _candidate is not null && hash.AsSpan().SequenceEqual(_candidate);
        _candidate = hash.AsSpan().SequenceEqual(_known) ? null : hash;
        if (!settled || _candidate is null)
            return false;
        Seen(hash);
        return true;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
