using System.ComponentModel;
using System.Text.Json.Serialization;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>
/// The configuration file as it is written: JSON with comments and trailing commas. Values are as the file has them; what they mean is
/// found out when the rules and profiles are built. The JSON Schema is made from these records: a description is what an editor shows.
/// </summary>
[Description("Configuration of actortunnel proxy.")]
public sealed record ConfigurationFile
{
    /// <summary>For editors.</summary>
    [Description("The JSON Schema of this file, for editors: actortunnel check --schema prints it.")]
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The SOCKS proxy; null: there is none.</summary>
    [Description("The SOCKS proxy; {} is one on 127.0.0.1:1080.")]
    public SocksSection? Socks { get; init; }

    /// <summary>The FTP proxy for clients without SOCKS; null: there is none.</summary>
    [Description("For FTP clients without SOCKS: they log in as USER@HOST or USER@HOST:PORT.")]
    public FtpProxySection? FtpProxy { get; init; }

    /// <summary>SSH servers by name.</summary>
    [Description("SSH servers and how to log in there, by a name that rules and tunnels use.")]
    public IReadOnlyDictionary<string, ProfileSection> Profiles { get; init; } = new Dictionary<string, ProfileSection>();

    /// <summary>In their order.</summary>
    [Description("What becomes of connections: the first rule that matches decides; without one a connection is refused.")]
    public IReadOnlyList<RuleSection> Rules { get; init; } = [];

    /// <summary>Fixed forwards.</summary>
    [Description("Fixed forwards, as forward -L and -R.")]
    public IReadOnlyList<TunnelSection> Tunnels { get; init; } = [];

    /// <summary>Where audit goes; null: nowhere.</summary>
    [Description("One JSON line for each session and each transfer.")]
    public AuditSection? Audit { get; init; }

    /// <summary>What SSH servers are asked to bear.</summary>
    [Description("What one SSH server is asked to bear.")]
    public LimitsSection Limits { get; init; } = new();
}

/// <summary>The listeners of a proxy, and who may use it.</summary>
public abstract record ListenerSection
{
    /// <summary>More than loopback.</summary>
    [Description("Listen on other addresses than loopback; clients must be set then.")]
    public bool AllowRelay { get; init; }

    /// <summary>Networks.</summary>
    [Description("Networks that clients may come from, as in 10.0.0.0/8.")]
    public IReadOnlyList<string> Clients { get; init; } = [];
}

/// <summary>The SOCKS proxy: versions 4, 4a and 5.</summary>
public sealed record SocksSection : ListenerSection
{
    /// <summary>[ADDRESS:]PORT.</summary>
    [Description("Where it listens, [ADDRESS:]PORT (127.0.0.1).")]
    [NumberToo]
    public IReadOnlyList<string> Listen { get; init; } = ["127.0.0.1:1080"];

    /// <summary>The file of users (RFC 1929).</summary>
    [Description("File with USER:PASSWORD lines, readable by its owner only: clients must log in (SOCKS 5, RFC 1929).")]
    public string? UsersFile { get; init; }
}

/// <summary>The FTP proxy for clients without SOCKS.</summary>
public sealed record FtpProxySection : ListenerSection
{
    /// <summary>[ADDRESS:]PORT.</summary>
    [Description("Where it listens, [ADDRESS:]PORT (127.0.0.1).")]
    [NumberToo]
    public IReadOnlyList<string> Listen { get; init; } = ["127.0.0.1:2121"];
}

/// <summary>Where audit lines go.</summary>
public sealed record AuditSection
{
    /// <summary>A file, appended to.</summary>
    [Description("File that the lines are appended to; opened anew on SIGHUP.")]
    public string? File { get; init; }

    /// <summary>Standard output.</summary>
    [Description("To standard output.")]
    public bool Console { get; init; }
}

/// <summary>Bounds for each SSH server.</summary>
public sealed record LimitsSection
{
    /// <inheritdoc cref="AdmissionOptions.MaxConnectionsPerServer"/>
    [Description("SSH connections to one server (1000).")]
    public int? MaxConnectionsPerServer { get; init; }

    /// <inheritdoc cref="AdmissionOptions.MaxConnecting"/>
    [Description("Logins at one server at a time (8, below sshd's MaxStartups).")]
    public int? MaxConnecting { get; init; }

    /// <inheritdoc cref="AdmissionOptions.MaxWait"/>
    [Description("How long a session waits for its turn (30s).")]
    [NumberToo]
    public string? MaxWait { get; init; }
}
