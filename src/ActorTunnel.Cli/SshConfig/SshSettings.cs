using System.Net.Sockets;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>All that the command line and the files say about one SSH server, the destination or a jump host.</summary>
internal sealed record SshSettings
{
    /// <summary>Tries that a person has at a password or passphrase when nothing was said.</summary>
    public const int DefaultPasswordPrompts = 3;

    private const int DefaultPort = 22;

    /// <summary>The host as it was named.</summary>
    public required string Host { get; init; }

    /// <summary>The host to connect to.</summary>
    public required string HostName { get; init; }

    public required int Port { get; init; }

    public required string User { get; init; }

    public required AddressFamily AddressFamily { get; init; }

    /// <summary>The hosts on the way, in the order in which they are connected to.</summary>
    public required IReadOnlyList<Destination> ProxyJump { get; init; }

    /// <summary>What this program does not do, and must not go around; null: none.</summary>
    public required string? ProxyCommand { get; init; }

    /// <summary>In the form of <see cref="ProxyRules"/>; null: no proxy.</summary>
    public required string? Proxy { get; init; }

    /// <summary>As it was written.</summary>
    public required string? ProxyPasswordFile { get; init; }

    /// <summary>As it was written: empty when nothing was. "none" is no file.</summary>
    public required IReadOnlyList<string> IdentityFiles { get; init; }

    /// <summary>As it was written.</summary>
    public required IReadOnlyList<string> CertificateFiles { get; init; }

    public required bool IdentitiesOnly { get; init; }

    /// <summary>A path, "none", or the name of an environment variable, as ssh_config(5) has it; null when nothing was said.</summary>
    public required string? IdentityAgent { get; init; }

    /// <summary>Null: all, in our order.</summary>
    public required IReadOnlyList<string>? PreferredAuthentications { get; init; }

    public required bool PubkeyAuthentication { get; init; }

    public required bool PasswordAuthentication { get; init; }

    public required bool KbdInteractiveAuthentication { get; init; }

    public required bool BatchMode { get; init; }

    public required int NumberOfPasswordPrompts { get; init; }

    /// <summary>Paths; empty: none.</summary>
    public IReadOnlyList<string> UserKnownHostsFiles { get; private init; } = [];

    /// <summary>Paths; empty: none.</summary>
    public required IReadOnlyList<string> GlobalKnownHostsFiles { get; init; }

    public required string? HostKeyAlias { get; init; }

    /// <summary>Empty: the files decide.</summary>
    public required IReadOnlyList<string> HostKeyFingerprints { get; init; }

    public required StrictHostKeyChecking? StrictHostKeyChecking { get; init; }

    public required string? RevokedHostKeys { get; init; }

    public required AlgorithmList? KexAlgorithms { get; init; }

    public required AlgorithmList? HostKeyAlgorithms { get; init; }

    public required AlgorithmList? Ciphers { get; init; }

    public required AlgorithmList? Macs { get; init; }

    /// <summary>Null: the default.</summary>
    public required TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Zero: never.</summary>
    public required TimeSpan ServerAliveInterval { get; init; }

    public required int ServerAliveCountMax { get; init; }

    /// <summary>Zero: the default.</summary>
    public required long RekeyBytes { get; init; }

    /// <summary>Zero: never.</summary>
    public required TimeSpan RekeyInterval { get; init; }

    public required PoolOptions Pool { get; init; }

    public required AdmissionOptions Admission { get; init; }

    public required FtpOptions Ftp { get; init; }

    /// <summary>What <c>%h</c> and <c>~</c> stand for in the names of files.</summary>
    public Tokens Tokens { get; private init; } = new("");

    /// <summary>As <see cref="IdentityAgent"/>, with what its path stands for.</summary>
    public string? ExpandedIdentityAgent => IdentityAgent is null || AgentVariable is not null || IsNone(IdentityAgent)
        ? IdentityAgent
        : Tokens.ExpandPath(IdentityAgent);

    /// <summary>The agent's Unix socket; null: no agent.</summary>
    public string? AgentSocket
    {
        get
        {
            var socket = IdentityAgent is null ? Tokens.Variable("SSH_AUTH_SOCK")
                : AgentVariable is { } name ? Tokens.Variable(name)
                : IsNone(IdentityAgent) ? null
                : ExpandedIdentityAgent;
            return socket is { Length: > 0 } ? socket : null;
        }
    }

    // SSH_AUTH_SOCK, or $NAME: the name of a variable that has the path.
    private string? AgentVariable => IdentityAgent switch
    {
        "SSH_AUTH_SOCK" => IdentityAgent,
        ['$', not '{', ..] => IdentityAgent[1..],
        _ => null,
    };

    /// <param name="host">The host as it was named.</param>
    /// <param name="hostName">The host to connect to.</param>
    /// <param name="values">What was said.</param>
    /// <param name="user">Who says it.</param>
    /// <param name="tokens">What they stand for in the names of files; null: what ssh_config(5) says.</param>
    /// <exception cref="UsageException">A file's name has an unknown token.</exception>
    public static SshSettings Create(string host, string hostName, SettingValues values, LocalUser user, Tokens? tokens = null)
    {
        var settings = new SshSettings
        {
            Host = host,
            HostName = hostName,
            Port = values.Port ?? DefaultPort,
            User = values.User ?? user.Name,
            AddressFamily = values.AddressFamily ?? AddressFamily.Unspecified,
            ProxyJump = values.ProxyJump ?? [],
            ProxyCommand = IsNone(values.ProxyCommand) ? null : values.ProxyCommand,
            Proxy = values.Proxy,
            ProxyPasswordFile = values.ProxyPasswordFile,
            IdentityFiles = values.IdentityFiles,
            CertificateFiles = values.CertificateFiles,
            IdentitiesOnly = values.IdentitiesOnly ?? false,
            IdentityAgent = values.IdentityAgent,
            PreferredAuthentications = values.PreferredAuthentications,
            PubkeyAuthentication = values.PubkeyAuthentication ?? true,
            PasswordAuthentication = values.PasswordAuthentication ?? true,
            KbdInteractiveAuthentication = values.KbdInteractiveAuthentication ?? true,
            BatchMode = values.BatchMode ?? false,
            NumberOfPasswordPrompts = values.NumberOfPasswordPrompts ?? DefaultPasswordPrompts,
            GlobalKnownHostsFiles = values.GlobalKnownHostsFiles ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"],
            HostKeyAlias = values.HostKeyAlias?.ToLowerInvariant(),
            HostKeyFingerprints = values.HostKeyFingerprints ?? [],
            StrictHostKeyChecking = values.StrictHostKeyChecking,
            RevokedHostKeys = IsNone(values.RevokedHostKeys) ? null : values.RevokedHostKeys,
            KexAlgorithms = values.KexAlgorithms,
            HostKeyAlgorithms = values.HostKeyAlgorithms,
            Ciphers = values.Ciphers,
            Macs = values.Macs,
            ConnectTimeout = values.ConnectTimeout,
            ServerAliveInterval = values.ServerAliveInterval ?? TimeSpan.FromSeconds(15),
            ServerAliveCountMax = values.ServerAliveCountMax ?? 3,
            RekeyBytes = values.RekeyBytes ?? 0,
            RekeyInterval = values.RekeyInterval ?? TimeSpan.Zero,
            Pool = PoolOf(values),
            Admission = values.MaxConnectionsPerServer is { } most ? new() { MaxConnectionsPerServer = most } : new(),
            Ftp = FtpOf(values),
        };
        tokens ??= new Tokens(settings, user);
        var userFiles = values.UserKnownHostsFiles ?? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
        return settings with { Tokens = tokens, UserKnownHostsFiles = [.. userFiles.Select(tokens.ExpandPath)] };
    }

    private static PoolOptions PoolOf(SettingValues values)
    {
        var defaults = new PoolOptions();
        return new PoolOptions
        {
            // As with ssh -L: errors show at the start, and a lost connection is made anew before somebody needs it.
            IdleTimeout = values.ConnectionIdle ?? Timeout.InfiniteTimeSpan,
            ConnectionsPerIdentity = values.ConnectionsPerIdentity ?? defaults.ConnectionsPerIdentity,
            MaxChannelsPerConnection = values.MaxChannelsPerConnection ?? defaults.MaxChannelsPerConnection,
        };
    }

    private static FtpOptions FtpOf(SettingValues values)
    {
        var defaults = new FtpOptions();
        return new FtpOptions
        {
            DataPorts = values.DataPorts,
            AdvertiseAddress = values.AdvertiseAddress,
            PassiveAddress = values.PassiveAddress ?? defaults.PassiveAddress,
            PassiveAddressMap = values.PassiveAddressMap ?? defaults.PassiveAddressMap,
            DataMode = values.DataMode ?? defaults.DataMode,
            DataPeerUid = values.DataPeerUid ?? defaults.DataPeerUid,
            AuthTls = values.AuthTls ?? defaults.AuthTls,
            VerifySize = values.VerifySize ?? defaults.VerifySize,
            UploadName = values.UploadName ?? defaults.UploadName,
            SessionIdle = values.SessionIdle == TimeSpan.Zero ? null : values.SessionIdle ?? defaults.SessionIdle,
            Restrictions = new FtpRestrictions
            {
                ReadOnly = values.ReadOnly ?? defaults.Restrictions.ReadOnly,
                DeniedCommands = values.DeniedCommands ?? defaults.Restrictions.DeniedCommands,
                AllowFxp = values.AllowFxp ?? defaults.Restrictions.AllowFxp,
                MaxLineLength = values.MaxLineLength ?? defaults.Restrictions.MaxLineLength,
                SessionsPerClient = values.SessionsPerClient,
                SessionsPerUser = values.SessionsPerUser,
                TransferRate = values.TransferRate,
            },
        };
    }

    private static bool IsNone(string? value) => value is null || value.Equals("none", StringComparison.OrdinalIgnoreCase);
}
