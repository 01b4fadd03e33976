namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>
/// How often the peer may renew keys. The packet that asks for an exchange costs it nothing and this side a key pair, a secret and a
/// signature; so that a peer that does nothing else is stopped, exchanges are earned by traffic or by time.
/// </summary>
internal sealed class RenewalBudget(TimeProvider time)
{
    /// <summary>What may be spent at once. A peer with a RekeyLimit below <see cref="BytesPerExchange"/> has no more than this.</summary>
    public const int Most = 128;

    public const int BytesPerExchange = 16 * 1024;

    private static readonly TimeSpan _timePerExchange = TimeSpan.FromSeconds(1);

    private double _left = Most;
    private long _since = time.GetTimestamp();

    /// <summary>False when the peer has not earned another exchange.</summary>
    /// <param name="bytes">What passed in both directions since the last one.</param>
    public bool TrySpend(long bytes)
    {
        var now = time.GetTimestamp();
        _left = Math.Min(Most, _left + (bytes / (double)BytesPerExchange) + (time.GetElapsedTime(_since, now) / _timePerExchange));
        _since = now;
        if (_left < 1)
            return false;
        _left--;
        return true;
    }
}
