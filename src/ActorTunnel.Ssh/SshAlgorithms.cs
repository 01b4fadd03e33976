using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Protection;

namespace ActorTunnel.Ssh;

/// <summary>The algorithms this build can offer, best first. An algorithm whose primitive the machine lacks is not among them.</summary>
public static class SshAlgorithms
{
    /// <summary>Key agreement methods (RFC 4253, section 8).</summary>
    public static IReadOnlyList<string> KeyExchanges { get; } = KeyAgreements.Names;

    /// <summary>Signature algorithms of host keys (RFC 4253, section 6.6), those of certified keys first.</summary>
    public static IReadOnlyList<string> HostKeys { get; } =
        [.. KeyAlgorithms.CertificateAlgorithms, .. KeyAlgorithms.SignatureAlgorithms];

    /// <summary>Encryption algorithms (RFC 4253, section 6.3).</summary>
    public static IReadOnlyList<string> Ciphers { get; } = PacketProtection.Ciphers;

    /// <summary>Integrity algorithms (RFC 4253, section 6.4), for ciphers that do not authenticate by themselves.</summary>
    public static IReadOnlyList<string> Macs { get; } = PacketProtection.Macs;
}
