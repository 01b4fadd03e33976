namespace ActorTunnel.Ssh.Keys.KnownHosts;

/// <summary>
/// Held while a key is looked up once more and added, so that of several processes of this user that meet the same new host only one
/// adds its key, and none adds another key than the first did. No line's wholeness depends on it: ssh adds lines too and locks nothing.
/// So it is not a lock on the file, which would also be in the way of readers, nor one next to it, which would stay there.
/// </summary>
internal sealed class KnownHostsLock : IDisposable
{
    /// <summary>It is held for milliseconds. When somebody was stopped while holding it, a needless line is the lesser evil.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly Mutex? _mutex = Create();
    private readonly bool _isHeld;

    public KnownHostsLock()
    {
        try
        {
            _isHeld = _mutex?.WaitOne(_patience) ?? false;
        }
        catch (AbandonedMutexException)
        {
            _isHeld = true; // Whoever had it has crashed, and left nothing half done: a line is written at once.
        }
    }

    public void Dispose()
    {
        if (_isHeld)
            _mutex!.ReleaseMutex();
        _mutex?.Dispose();
    }

    private static Mutex? Create()
    {
        try
        {
            return new Mutex(false, "actortunnel-known-hosts", new() { CurrentUserOnly = true, CurrentSessionOnly = false });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or WaitHandleCannotBeOpenedException)
        {
            return null; // Such as a machine where nothing may be written to the folder for temporary files.
        }
    }
}
