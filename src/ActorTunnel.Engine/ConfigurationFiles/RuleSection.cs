using System.ComponentModel;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>One rule. All the conditions that are given must hold; a list holds when one of its entries does.</summary>
public sealed record RuleSection : FtpPolicySection
{
    /// <summary>For logs.</summary>
    [Description("Name for logs, audit and check (rule-N).")]
    public string? Name { get; init; }

    /// <summary>Patterns.</summary>
    [Description("Destination host names or addresses, exact, or with * for any letters and dots and ? for one: *.internal is all below "
        + "internal, but not internal itself.")]
    public IReadOnlyList<string> Host { get; init; } = [];

    /// <summary>A regular expression.</summary>
    [Description("Regular expression for the whole destination host; no backreferences and no lookaround.")]
    public string? HostRegex { get; init; }

    /// <summary>Addresses.</summary>
    [Description("Destination addresses: one, 10.0.0.0/8, or 10.0.0.1-10.0.0.9. A name is compared only with resolve.")]
    public IReadOnlyList<string> Address { get; init; } = [];

    /// <summary>Names have addresses.</summary>
    [Description("Resolve a destination name here, to compare it with address. block: one of its addresses is enough, or that it has none; "
        + "other actions: all must be there.")]
    public bool Resolve { get; init; }

    /// <summary>Ports.</summary>
    [Description("Destination ports, as in 21 or 20-25.")]
    [NumberToo]
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Networks.</summary>
    [Description("Addresses that the client comes from, as for address.")]
    public IReadOnlyList<string> Client { get; init; } = [];

    /// <summary>Names.</summary>
    [Description("Whom the client has logged in to the SOCKS proxy as.")]
    public IReadOnlyList<string> SocksUser { get; init; } = [];

    /// <summary>What becomes of it.</summary>
    [Description("block, direct, tunnel (one connection through SSH) or ftp-tunnel (FTP with its data connections).")]
    public required FilterAction Action { get; init; }

    /// <summary>A profile's name.</summary>
    [Description("Profile of the SSH server, for tunnel and ftp-tunnel.")]
    public string? Profile { get; init; }

    /// <summary>The SSH server is the host asked for.</summary>
    [Description("The SSH server is the host that the application asks for.")]
    public bool HostFromApplication { get; init; }

    /// <summary>The SSH login is the FTP login.</summary>
    [Description("The SSH login is the FTP login; the profile's methods say how.")]
    public bool UserFromApplication { get; init; }

    /// <summary>A fixed host.</summary>
    [Description("Connect there instead of where the application asks for.")]
    public string? Destination { get; init; }

    /// <summary>A fixed port.</summary>
    [Description("Port to connect to instead.")]
    public int? DestinationPort { get; init; }

    /// <summary>Without SSH in need.</summary>
    [Description("Connect without SSH, readable for everybody, when the SSH server cannot be reached by TCP.")]
    public bool FallbackToPlain { get; init; }
}

/// <summary>A fixed forward.</summary>
public sealed record TunnelSection : FtpPolicySection
{
    /// <summary>For logs.</summary>
    [Description("Name for logs and audit (tunnel-N).")]
    public string? Name { get; init; }

    /// <summary>What it carries.</summary>
    [Description("ftp, with its data connections, or tcp.")]
    public required ForwardKind Type { get; init; }

    /// <summary>[ADDRESS:]PORT.</summary>
    [Description("Where it listens, [ADDRESS:]PORT (localhost); with remote, on the SSH server.")]
    [NumberToo]
    public required string Listen { get; init; }

    /// <summary>HOST:PORT.</summary>
    [Description("Where connections go, HOST:PORT as the SSH server sees it; with remote, as this machine sees it.")]
    public required string Destination { get; init; }

    /// <summary>A profile's name.</summary>
    [Description("Profile of the SSH server.")]
    public required string Profile { get; init; }

    /// <summary>As -R.</summary>
    [Description("Listen on the SSH server, for a server on this side (forward -R).")]
    public bool Remote { get; init; }

    /// <summary>More than loopback.</summary>
    [Description("Listen on other addresses than loopback.")]
    public bool AllowRelay { get; init; }
}
