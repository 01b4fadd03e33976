namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// After how much traffic in one direction, and after how long, keys are renewed (RFC 4253, section 9). Both are looked at when a
/// packet passes, so that no connection needs a timer: one that is idle is renewed by its next packet.
/// </summary>
internal sealed record RekeyLimit
{
    /// <summary>OpenSSH's least RekeyLimit.</summary>
    public const long MinBytes = 16;

    /// <exception cref="ArgumentOutOfRangeException">Fewer bytes than that, or no time at all.</exception>
    public RekeyLimit(long bytes, TimeSpan? interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, MinBytes);
        if (interval is { } time)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(interval));
        Bytes = bytes;
        Interval = interval;
    }

    public long Bytes { get; }

    /// <summary>Null: never by time.</summary>
    public TimeSpan? Interval { get; }
}
