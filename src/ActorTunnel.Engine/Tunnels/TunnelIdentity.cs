using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>An SSH server as it sees us: at this address, by this way.</summary>
internal sealed record ServerIdentity(string Host, int Port, TunnelIdentity? Via, IReadOnlyList<ProxyRule> Proxies);

/// <summary>
/// What two profiles must have in common to share a connection: all that the connection was made with. In doubt they do not share, which
/// costs a connection; sharing wrongly would give away a login.
/// </summary>
/// <param name="Server">Where.</param>
/// <param name="User">Who.</param>
/// <param name="Credentials">How: keyed hashes, see <see cref="IdentityHasher"/>.</param>
/// <param name="HostKeys">
/// Whom to trust: the same object, or one that says it is equal. A profile that pins a key must not get a connection whose key a laxer
/// policy has accepted.
/// </param>
/// <param name="AddressFamily">Which addresses of the server may be used.</param>
/// <param name="Algorithms">What may protect the connection.</param>
/// <param name="Pool">How it is kept and shared.</param>
internal sealed record TunnelIdentity(
    ServerIdentity Server,
    string User,
    string Credentials,
    IHostKeyPolicy HostKeys,
    AddressFamily AddressFamily,
    AlgorithmChoice Algorithms,
    PoolOptions Pool)
{
    /// <summary>For people, and nothing that is secret.</summary>
    public override string ToString() => $"{User}@{Server.Host}:{Server.Port}";
}
