using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Protection;

namespace ActorTunnel.Benchmarks.Ssh;

/// <summary>What is compared: each cipher, and each MAC with each cipher that needs one.</summary>
internal static class Protections
{
    public static IReadOnlyList<ProtectionNames> All { get; } =
    [
        .. SshAlgorithms.Ciphers.SelectMany(cipher => PacketProtection.NeedsMac(cipher)
            ? SshAlgorithms.Macs.Select(mac => new ProtectionNames(cipher, mac))
            : [new ProtectionNames(cipher, null)]),
    ];
}
