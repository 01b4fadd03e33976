using System.Security.Cryptography;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>
/// Says which connections a profile may share. Credentials go in as HMAC-SHA256 with a random key of this object: who reads the memory of
/// a running hub, or a dump of it, learns no password from the keys of its tables and cannot try words against them without the key.
/// </summary>
internal sealed class IdentityHasher : IDisposable
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    public TunnelIdentity Of(TunnelProfile profile) => new(
        ServerOf(profile),
        profile.User,
        string.Concat(profile.Credentials.Select(credential => Hash(credential.AddIdentity))),
        profile.Owner is { } owner ? Hash(owner.AddTo) : null,
        profile.Via is { } via ? Of(via) : null,
        ProxyOf(profile),
        profile.HostKeys,
        profile.AddressFamily,
        profile.Algorithms,
        (profile.RekeyBytes, profile.RekeyInterval),
        (profile.KeepAliveInterval, profile.KeepAliveCountMax),
        profile.Pool,
        profile.Retired);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static ServerIdentity ServerOf(TunnelProfile profile) => new(
        profile.Host.ToLowerInvariant(),
        profile.Port,
        profile.Via is { } via ? ServerOf(via) : null,
        ProxyOf(profile) is { } proxy ? (proxy.Host.ToLowerInvariant(), proxy.Port) : null);

    private static ProxyServer? ProxyOf(TunnelProfile profile) =>
        profile.Via is null ? ProxyRules.Choose(profile.Proxies, profile.Host, profile.Port) : null;

    // Each by itself: together, one's end could pass for the other's beginning.
    private string Hash(Action<IncrementalHash> add)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        add(hash);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
