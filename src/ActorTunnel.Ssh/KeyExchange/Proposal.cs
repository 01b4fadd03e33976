using System.Security.Cryptography;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>What this side offers in SSH_MSG_KEXINIT.</summary>
internal sealed record Proposal(SshRole Role, IReadOnlyList<string> Ciphers, IReadOnlyList<string> HostKeyAlgorithms)
{
    /// <summary>RFC 8308, section 2.1: this client understands SSH_MSG_EXT_INFO.</summary>
    public const string ExtInfoClient = "ext-info-c";

    /// <summary>OpenSSH's PROTOCOL, section 1.10: strict key exchange, against removal of packets before the keys are there.</summary>
    public const string StrictClient = "kex-strict-c-v00@openssh.com";

    /// <summary>As <see cref="StrictClient"/>, from the server.</summary>
    public const string StrictServer = "kex-strict-s-v00@openssh.com";

    /// <summary>Names that only tell something: RFC 8308, section 2.2 forbids to agree on one.</summary>
    public static IReadOnlyList<string> Markers { get; } = [ExtInfoClient, StrictClient, StrictServer];

    // The ciphers authenticate by themselves; a peer may still insist that the lists have something in common.
    private static readonly string[] _macs =
        ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"];

    private static readonly string[] _compressions = ["none"];

    public IReadOnlyList<string> KeyExchange { get; init; } = KeyAgreements.Names;

    /// <summary>
    /// The client's host key algorithms: those of key types already known for the host come first, so that the server shows a key
    /// that can be compared.
    /// </summary>
    public static IReadOnlyList<string> KnownFirst(IReadOnlyList<string> knownKeyTypes) =>
        [.. KeyAlgorithms.SignatureAlgorithms.OrderBy(name => knownKeyTypes.Contains(KeyAlgorithms.KeyType(name)) ? 0 : 1)];

    /// <summary>The ciphers to offer, of those this machine can do; null stands for all of them.</summary>
    /// <exception cref="ArgumentException">A name is not one of <see cref="SshAlgorithms.Ciphers"/>.</exception>
    public static IReadOnlyList<string> CheckCiphers(IReadOnlyList<string>? ciphers) =>
        ciphers?.FirstOrDefault(name => !SshAlgorithms.Ciphers.Contains(name)) is { } unknown
            ? throw new ArgumentException(
                $"There is no cipher '{unknown}' here: use {string.Join(", ", SshAlgorithms.Ciphers)}.", nameof(ciphers))
            : ciphers ?? SshAlgorithms.Ciphers;

    /// <param name="isFirst">The markers count in the first key exchange only.</param>
    public KexInitMessage ToMessage(bool isFirst)
    {
        string[] markers = (isFirst, Role) switch
        {
            (false, _) => [],
            (true, SshRole.Client) => [ExtInfoClient, StrictClient],
            _ => [StrictServer],
        };
        return new()
        {
            Cookie = RandomNumberGenerator.GetBytes(KexInitMessage.CookieSize),
            KeyExchange = [.. KeyExchange, .. markers],
            HostKey = HostKeyAlgorithms,
            EncryptionToServer = Ciphers,
            EncryptionToClient = Ciphers,
            MacToServer = _macs,
            MacToClient = _macs,
            CompressionToServer = _compressions,
            CompressionToClient = _compressions,
        };
    }
}
