namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>
/// How often the peer may renew keys. The packet that asks for an exchange costs it nothing and this side a key pair, a secret and a
/// signature; so that a peer that does nothing else is slowed down, exchanges are earned by traffic or by time. A peer whose RekeyLimit
/// is absurdly small breaks no rule (OpenSSH takes 16 bytes): it waits, and loses nothing.
/// </summary>
internal sealed class RenewalBudget(TimeProvider time)
{
    /// <summary>What may be spent at once.</summary>
    public const int Most = 128;

    public const int BytesPerExchange = 16 * 1024;

    public static readonly TimeSpan TimePerExchange = TimeSpan.FromSeconds(1);

    private double _left = Most;
    private long _since = time.GetTimestamp();

    /// <summary>How long the peer's exchange must wait until it is earned; it counts as if that had passed.</summary>
    /// <param name="bytes">What passed in both directions since the last one.</param>
    public TimeSpan Spend(long bytes)
    {
        var now = time.GetTimestamp();
        _left += (bytes / (double)BytesPerExchange) + (time.GetElapsedTime(_since, now) / TimePerExchange);
        _left = Math.Min(Most, _left) - 1;
        _since = now;
        return _left < 0 ? -_left * TimePerExchange : TimeSpan.Zero;
    }
}
