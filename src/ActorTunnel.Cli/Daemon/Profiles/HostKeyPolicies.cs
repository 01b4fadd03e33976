using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Daemon.Profiles;

/// <summary>
/// Whom to trust, host by host: the same object for the same host, because only profiles with the same policy share a connection. Members
/// may be called from any thread.
/// </summary>
/// <param name="create">Makes the policy for a host.</param>
internal sealed class HostKeyPolicies(Func<string, IHostKeyPolicy> create)
{
    /// <summary>
    /// Applications name hosts, so there must be an end. Beyond it all is forgotten, which costs a connection for each host.
    /// </summary>
    public const int MaxHosts = 1000;

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<string, IHostKeyPolicy> _policies = [];

    /// <param name="host">In its canonical form.</param>
    public IHostKeyPolicy For(string host)
    {
        lock (_gate)
        {
            if (_policies.TryGetValue(host, out var known))
                return known;
            if (_policies.Count == MaxHosts)
                _policies.Clear();
            return _policies[host] = Create(host);
        }
    }

    private IHostKeyPolicy Create(string host)
    {
        try
        {
            return create(host);
        }
        catch (ArgumentException exception)
        {
            return new NoHost(exception.Message);
        }
    }

    /// <summary>For what is no name of a host: it shows when somebody connects, not before.</summary>
    private sealed class NoHost(string reason) : IHostKeyPolicy
    {
        public IReadOnlyList<string> KnownKeyTypes => [];

        public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken) =>
            throw new SshException(SshFailure.HostKeyUnknown, reason);
    }
}
