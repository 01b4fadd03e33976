using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// Logins that the server has refused of late: they are refused here for a while, without asking it again. A client that tries a wrong
/// password over and over would otherwise bring sshd's penalties on the whole hub. Another password is another identity.
/// </summary>
internal sealed class RefusedCredentials(TimeSpan memory, TimeProvider time)
{
    /// <summary>The oldest are forgotten beyond this; <see cref="AuthenticationBudget"/> lets in fewer.</summary>
    private const int MaxRemembered = 1000;

    private readonly Dictionary<TunnelIdentity, (long At, string Reason)> _refused = [];

    /// <summary>Nothing is remembered.</summary>
    public bool IsEmpty => !_refused.Values.Any(refused => time.GetElapsedTime(refused.At) < memory);

    /// <summary>What to say instead of asking the server; null: ask it.</summary>
    public TunnelFailed? Refusal(TunnelIdentity identity)
    {
        if (!_refused.TryGetValue(identity, out var refused))
            return null;
        var since = time.GetElapsedTime(refused.At);
        if (since >= memory)
        {
            _refused.Remove(identity);
            return null;
        }

        return new TunnelFailed(
            Failure.Authentication,
            $"{identity} was refused {Math.Floor(since.TotalSeconds)} s ago and the server is not asked again for"
            + $" {Math.Ceiling((memory - since).TotalSeconds)} s: {refused.Reason}");
    }

    public void Add(TunnelIdentity identity, string reason)
    {
        if (_refused.Count >= MaxRemembered)
            _refused.Remove(_refused.MinBy(entry => entry.Value.At).Key);
        _refused[identity] = (time.GetTimestamp(), reason);
    }
}
