using ActorTunnel.Ssh.Protection;

namespace ActorTunnel.Ssh;

/// <summary>The algorithms this build can offer, best first. An algorithm whose primitive the machine lacks is not among them.</summary>
public static class SshAlgorithms
{
    /// <summary>Encryption algorithms (RFC 5647 as OpenSSH uses it): authenticated, so no MAC is negotiated with them.</summary>
    public static IReadOnlyList<string> Ciphers { get; } = PacketProtection.Names;
}
