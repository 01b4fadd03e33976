namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// Keeps sessions from waiting, each for its own timeout, for a server that does not answer: after several failures in a row nobody dials
/// for a while, and whoever asks hears the last reason at once. Then one dial is the probe.
/// </summary>
internal sealed class CircuitBreaker(TimeProvider time)
{
    public const int FailuresToOpen = 5;

    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
    private int _failures;
    private bool _probing;
    private TunnelFailed? _last;
    private long _lastAt;
    private TimeSpan _pause;

    /// <summary>What to say instead of dialling; null: dial.</summary>
    public TunnelFailed? Refusal()
    {
        if (_failures < FailuresToOpen)
            return null;
        var since = time.GetElapsedTime(_lastAt);
        if (since >= _pause && !_probing)
            return null;
        var left = Math.Max(0, (_pause - since).TotalSeconds);
        var next = _probing ? "it is being tried again" : $"it is not tried again for {Math.Ceiling(left)} s";
        return _last! with { Message = $"{_last.Message} That was {Math.Floor(since.TotalSeconds)} s ago; {next}." };
    }

    /// <summary>Somebody dials.</summary>
    public void Dialling() => _probing = _failures >= FailuresToOpen;

    /// <summary>The server answers.</summary>
    public void Succeeded()
    {
        _failures = 0;
        _probing = false;
        _backoff.Reset();
    }

    /// <summary>The server does not.</summary>
    public void Failed(TunnelFailed failed)
    {
        _failures++;
        _probing = false;
        _last = failed;
        _lastAt = time.GetTimestamp();
        if (_failures >= FailuresToOpen)
            _pause = _backoff.Next();
    }

    /// <summary>The dial has told nothing about the server.</summary>
    public void GivenUp() => _probing = false;
}
