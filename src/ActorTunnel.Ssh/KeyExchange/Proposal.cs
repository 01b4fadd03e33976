using System.Security.Cryptography;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Keys.Certificates;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;

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

    private static readonly string[] _compressions = ["none"];

    public IReadOnlyList<string> KeyExchange { get; init; } = KeyAgreements.Names;

    public IReadOnlyList<string> Macs { get; init; } = PacketProtection.Macs;

    /// <summary>
    /// What a client was told to offer. Host keys that it was not told to order come in the order of <see cref="KnownFirst"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A name is not one of <see cref="SshAlgorithms"/>.</exception>
    public static Proposal ForClient(AlgorithmChoice choice, IReadOnlyList<string> knownKeyTypes)
    {
        var hostKeys = CheckHostKeys(choice);
        if (choice.HostKeys is null)
        {
            // A certificate is of use only where an authority is known.
            hostKeys = [.. hostKeys.Where(name => !CertificateNames.IsCertificate(name) || IsKnown(name, knownKeyTypes))];
        }

        return Create(
            SshRole.Client,
            choice,
            choice.HostKeys is null || choice.PreferKnownHostKeys ? KnownFirst(hostKeys, knownKeyTypes) : hostKeys);
    }

    /// <summary>What a server was told to offer, of what it has host keys for.</summary>
    /// <exception cref="ArgumentException">A name is not one of <see cref="SshAlgorithms"/>.</exception>
    public static Proposal ForServer(AlgorithmChoice choice, IReadOnlyList<PrivateKey> hostKeys) =>
        Create(
            SshRole.Server,
            choice,
            [.. CheckHostKeys(choice).Where(name => hostKeys.Any(key => key.PublicKey.SignatureAlgorithms.Contains(name)))]);

    /// <summary>
    /// Algorithms of key types already known for the host come before the others, so that the server shows a key that can be compared.
    /// </summary>
    private static IReadOnlyList<string> KnownFirst(IReadOnlyList<string> names, IReadOnlyList<string> knownKeyTypes) =>
        [.. names.OrderByDescending(name => IsKnown(name, knownKeyTypes))];

    private static bool IsKnown(string name, IReadOnlyList<string> knownKeyTypes) => knownKeyTypes.Contains(KeyAlgorithms.KeyType(name));

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
            MacToServer = Macs,
            MacToClient = Macs,
            CompressionToServer = _compressions,
            CompressionToClient = _compressions,
        };
    }

    private static Proposal Create(SshRole role, AlgorithmChoice choice, IReadOnlyList<string> hostKeys) =>
        new(role, Check("cipher", choice.Ciphers, SshAlgorithms.Ciphers), hostKeys)
        {
            KeyExchange = Check("key exchange method", choice.KeyExchanges, SshAlgorithms.KeyExchanges),
            Macs = Check("MAC", choice.Macs, SshAlgorithms.Macs),
        };

    private static IReadOnlyList<string> CheckHostKeys(AlgorithmChoice choice) =>
        Check("host key algorithm", choice.HostKeys, SshAlgorithms.HostKeys);

    private static IReadOnlyList<string> Check(string what, IReadOnlyList<string>? names, IReadOnlyList<string> supported) =>
        names?.FirstOrDefault(name => !supported.Contains(name)) is { } unknown
            ? throw new ArgumentException($"There is no {what} '{unknown}' here: use {string.Join(", ", supported)}.", nameof(names))
            : names ?? supported;
}
