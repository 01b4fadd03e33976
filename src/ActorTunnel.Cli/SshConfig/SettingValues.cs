using System.Net;
using System.Net.Sockets;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>
/// What the command line and then the files said, as it was said. Null is "not said": of each setting the first value counts, but for
/// files of keys, which add up.
/// </summary>
internal sealed class SettingValues
{
    public string? HostName { get; set; }

    public int? Port { get; set; }

    public string? User { get; set; }

    public AddressFamily? AddressFamily { get; set; }

    public List<string> IdentityFiles { get; } = [];

    public List<string> CertificateFiles { get; } = [];

    public bool? IdentitiesOnly { get; set; }

    public string? IdentityAgent { get; set; }

    public IReadOnlyList<string>? PreferredAuthentications { get; set; }

    public bool? PubkeyAuthentication { get; set; }

    public bool? PasswordAuthentication { get; set; }

    public bool? KbdInteractiveAuthentication { get; set; }

    public bool? BatchMode { get; set; }

    public int? NumberOfPasswordPrompts { get; set; }

    public IReadOnlyList<string>? UserKnownHostsFiles { get; set; }

    public IReadOnlyList<string>? GlobalKnownHostsFiles { get; set; }

    public string? HostKeyAlias { get; set; }

    public IReadOnlyList<string>? HostKeyFingerprints { get; set; }

    public StrictHostKeyChecking? StrictHostKeyChecking { get; set; }

    public string? RevokedHostKeys { get; set; }

    /// <summary>Empty: none. Otherwise never set together with <see cref="ProxyCommand"/>: the first keeps the other away.</summary>
    public IReadOnlyList<Destination>? ProxyJump { get; set; }

    public string? ProxyCommand { get; set; }

    /// <summary>In the form of <see cref="ProxyRules"/>.</summary>
    public string? Proxy { get; set; }

    public string? ProxyPasswordFile { get; set; }

    public AlgorithmList? KexAlgorithms { get; set; }

    public AlgorithmList? HostKeyAlgorithms { get; set; }

    public AlgorithmList? Ciphers { get; set; }

    public AlgorithmList? Macs { get; set; }

    public TimeSpan? ConnectTimeout { get; set; }

    public TimeSpan? ServerAliveInterval { get; set; }

    public int? ServerAliveCountMax { get; set; }

    /// <summary>Zero: the default.</summary>
    public long? RekeyBytes { get; set; }

    /// <summary>Zero: never.</summary>
    public TimeSpan? RekeyInterval { get; set; }

    public TimeSpan? ConnectionIdle { get; set; }

    public int? ConnectionsPerIdentity { get; set; }

    public int? MaxChannelsPerConnection { get; set; }

    public int? MaxConnectionsPerServer { get; set; }

    /// <summary>Patterns of keywords that are no error.</summary>
    public string? IgnoreUnknown { get; set; }

    public PortRange? DataPorts { get; set; }

    public IPAddress? AdvertiseAddress { get; set; }

    public PassiveAddress? PassiveAddress { get; set; }

    /// <summary>Empty: none.</summary>
    public IReadOnlyDictionary<IPAddress, string>? PassiveAddressMap { get; set; }

    public ServerDataMode? DataMode { get; set; }

    public bool? DataPeerUid { get; set; }

    public AuthTls? AuthTls { get; set; }

    public bool? VerifySize { get; set; }

    public UploadName? UploadName { get; set; }

    /// <summary>Zero: never.</summary>
    public TimeSpan? SessionIdle { get; set; }

    public bool? ReadOnly { get; set; }

    /// <summary>Empty: none.</summary>
    public IReadOnlySet<string>? DeniedCommands { get; set; }

    public bool? AllowFxp { get; set; }

    public int? MaxLineLength { get; set; }

    public int? SessionsPerClient { get; set; }

    public int? SessionsPerUser { get; set; }

    public long? TransferRate { get; set; }
}
