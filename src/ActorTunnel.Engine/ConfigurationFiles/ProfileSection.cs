using System.ComponentModel;
using System.Text.Json.Serialization;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>An SSH server and how to log in there. Times are as in ssh_config(5): 90, 90s, 5m, 1h30m.</summary>
public sealed record ProfileSection
{
    /// <summary>The SSH server.</summary>
    [Description("SSH server; without it rules need hostFromApplication.")]
    public string? Host { get; init; }

    /// <summary>1..65535.</summary>
    [Description("Its port (22).")]
    public int Port { get; init; } = 22;

    /// <summary>SSH user.</summary>
    [Description("SSH user; without it rules need userFromApplication.")]
    public string? User { get; init; }

    /// <summary>In the order of trial; null: all there is something for.</summary>
    [Description("Login methods in their order: agent, publickey, keyboard-interactive, password. With userFromApplication the last two "
        + "use the FTP password.")]
    public IReadOnlyList<LoginMethod>? Methods { get; init; }

    /// <summary>Private keys.</summary>
    [Description("Private key files.")]
    public IReadOnlyList<string> IdentityFiles { get; init; } = [];

    /// <summary>Certificates of keys.</summary>
    [Description("Certificates of the keys; FILE-cert.pub beside a key needs no mention.")]
    public IReadOnlyList<string> CertificateFiles { get; init; } = [];

    /// <summary>The agent's socket.</summary>
    [Description("Socket of the SSH agent (the environment variable SSH_AUTH_SOCK).")]
    public string? Agent { get; init; }

    /// <summary>First line: the password.</summary>
    [Description("File whose first line is the password, or the passphrase of the keys; readable by its owner only.")]
    public string? PasswordFile { get; init; }

    /// <summary>Program and arguments, no shell.</summary>
    [Description("Program and arguments that print the password; run without a shell, for each SSH login.")]
    public IReadOnlyList<string>? PasswordCommand { get; init; }

    /// <summary>What to do about unknown host keys.</summary>
    [Description("What becomes of an unknown host key; a changed one is always refused. ask without a terminal is strict.")]
    public HostKeyMode HostKeyPolicy { get; init; } = HostKeyMode.Strict;

    /// <summary>The user has understood what <see cref="HostKeyMode.AcceptNew"/> means for passwords.</summary>
    [Description("Allow accept-new together with passwords of applications, or with the profile's own for hosts that they name: a "
        + "stranger in the network could read the first one sent to a new host.")]
    public bool AcceptNewWithPasswords { get; init; }

    /// <summary>known_hosts files; the first is written to.</summary>
    [Description("known_hosts files; the first is written to (~/.ssh/known_hosts).")]
    public IReadOnlyList<string>? KnownHosts { get; init; }

    /// <summary>Pins.</summary>
    [Description("The right host keys, whatever is known: SHA256:... fingerprints, or files with a public key.")]
    public IReadOnlyList<string> HostKeys { get; init; } = [];

    /// <summary>For known_hosts.</summary>
    [Description("Look the host key up under this name.")]
    public string? HostKeyAlias { get; init; }

    /// <summary>The jump host's profile.</summary>
    [Description("Connect through the SSH server of this profile (a jump host).")]
    public string? Through { get; init; }

    /// <summary>As in <see cref="ProxyRules"/>.</summary>
    [Description("Proxy rules, as socks5://USER@proxy:1080/*.internal;http://proxy:3128;direct://")]
    public string? Proxy { get; init; }

    /// <summary>First line: the proxy's password.</summary>
    [Description("File whose first line is the proxy's password; readable by its owner only.")]
    public string? ProxyPasswordFile { get; init; }

    /// <summary>any, inet, inet6.</summary>
    [Description("Use only addresses of this family.")]
    public AddressFamilyName AddressFamily { get; init; } = AddressFamilyName.Any;

    /// <summary>Comma lists as in ssh_config(5).</summary>
    [Description("Key exchange methods, best first, with commas; +LIST, -LIST and ^LIST change the default.")]
    public string? KexAlgorithms { get; init; }

    /// <inheritdoc cref="KexAlgorithms"/>
    [Description("Host key algorithms, likewise.")]
    public string? HostKeyAlgorithms { get; init; }

    /// <inheritdoc cref="KexAlgorithms"/>
    [Description("Ciphers, likewise.")]
    public string? Ciphers { get; init; }

    /// <inheritdoc cref="KexAlgorithms"/>
    [Description("MACs, likewise.")]
    public string? Macs { get; init; }

    /// <summary>As RekeyLimit in ssh_config(5).</summary>
    [Description("New keys after so much (K, M or G), or so long, as in 1G 1h.")]
    [NumberToo]
    public string? RekeyLimit { get; init; }

    /// <summary>TCP and key exchange.</summary>
    [Description("Time for TCP and key exchange together (2m).")]
    [NumberToo]
    public string? ConnectTimeout { get; init; }

    /// <summary>Silence before a question.</summary>
    [Description("Silence before the server is asked whether it lives (15; 0 never asks).")]
    [NumberToo]
    public string? KeepAliveInterval { get; init; }

    /// <summary>Unanswered questions.</summary>
    [Description("Questions without an answer until the connection counts as lost (3).")]
    public int? KeepAliveCountMax { get; init; }

    /// <summary>Of a connection nobody uses; keep: for ever.</summary>
    [Description("How long an SSH connection without sessions is kept (5s), or keep.")]
    [NumberToo]
    public string? IdleTimeout { get; init; }

    /// <summary>Connect before somebody asks.</summary>
    [Description("Connect when the proxy starts, and keep the connection; needs host, user and a login without a person.")]
    public bool ConnectOnStart { get; init; }

    /// <inheritdoc cref="PoolOptions.ConnectionsPerIdentity"/>
    [Description("SSH connections to spread data channels over (1).")]
    public int? Connections { get; init; }

    /// <inheritdoc cref="PoolOptions.MaxChannelsPerConnection"/>
    [Description("Channels on one SSH connection; then another is made (1000).")]
    public int? MaxChannels { get; init; }
}

/// <summary>How to log in.</summary>
public enum LoginMethod
{
    /// <summary>Keys of the SSH agent.</summary>
    Agent,

    /// <summary>Keys in files.</summary>
    [JsonStringEnumMemberName("publickey")]
    PublicKey,

    /// <summary>The server's questions.</summary>
    KeyboardInteractive,

    /// <summary>A password.</summary>
    Password,
}

/// <summary>What becomes of an unknown host key.</summary>
public enum HostKeyMode
{
    /// <summary>It is refused.</summary>
    Strict,

    /// <summary>A person is asked; without a terminal it is refused.</summary>
    Ask,

    /// <summary>It is accepted and written down.</summary>
    AcceptNew,
}

/// <summary>Which addresses.</summary>
public enum AddressFamilyName
{
    /// <summary>Both.</summary>
    Any,

    /// <summary>IPv4.</summary>
    Inet,

    /// <summary>IPv6.</summary>
    Inet6,
}
