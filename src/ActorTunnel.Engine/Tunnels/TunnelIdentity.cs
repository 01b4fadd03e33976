using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// An SSH server as it sees us: at this address, by this way. Whoever logs in at the jump host or proxy, the server behind it sees one
/// address.
/// </summary>
internal sealed record ServerIdentity(string Host, int Port, ServerIdentity? Via, (string Host, int Port)? Proxy);

/// <summary>
/// What two profiles must have in common to share a connection: all that the connection was made with. In doubt they do not share, which
/// costs a connection; sharing wrongly would give away a login.
/// </summary>
/// <param name="Server">Where.</param>
/// <param name="User">Who.</param>
/// <param name="Credentials">How: keyed hashes, see <see cref="IdentityHasher"/>.</param>
/// <param name="Owner">Whose it is besides: a keyed hash, see <see cref="TunnelProfile.Owner"/>.</param>
/// <param name="Via">By whose connection to the jump host.</param>
/// <param name="Proxy">Through which proxy, and with whose login there.</param>
/// <param name="HostKeys">
/// Whom to trust: the same object, or one that says it is equal. A profile that pins a key must not get a connection whose key a laxer
/// policy has accepted.
/// </param>
/// <param name="AddressFamily">Which addresses of the server may be used.</param>
/// <param name="Algorithms">What may protect the connection.</param>
/// <param name="Rekey">How long one key may.</param>
/// <param name="KeepAlive">How soon a dead server is noticed.</param>
/// <param name="Pool">How it is kept and shared.</param>
/// <param name="Retired">Until when it is kept.</param>
internal sealed record TunnelIdentity(
    ServerIdentity Server,
    string User,
    string Credentials,
    string? Owner,
    TunnelIdentity? Via,
    ProxyServer? Proxy,
    IHostKeyPolicy HostKeys,
    AddressFamily AddressFamily,
    AlgorithmChoice Algorithms,
    (long Bytes, TimeSpan? Time) Rekey,
    (TimeSpan Interval, int CountMax) KeepAlive,
    PoolOptions Pool,
    CancellationToken Retired)
{
    /// <summary>For people, and nothing that is secret.</summary>
    public override string ToString() => $"{User}@{Server.Host}:{Server.Port}";
}
