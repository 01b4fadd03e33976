using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.Rules;

/// <summary>One rule: which connections it captures, and what becomes of them.</summary>
public sealed record FilterRule
{
    /// <summary>For logs, audit and <c>check</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What becomes of the connection.</summary>
    public required FilterAction Action { get; init; }

    /// <summary>Destination host patterns: exact, or with * and ?; empty: any.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Destination ports; empty: any.</summary>
    public IReadOnlyList<PortRange> Ports { get; init; } = [];

    /// <summary>For the two tunnel actions.</summary>
    public ProfileTemplate? Profile { get; init; }

    /// <summary>The SSH server is the host that the application asked for.</summary>
    public bool HostFromApplication { get; init; }

    /// <summary>The SSH login is the FTP login: this program greets the FTP client itself. Only for <see cref="FilterAction.FtpTunnel"/>.</summary>
    public bool UserFromApplication { get; init; }

    /// <summary>Where connections go instead of where the application asked for; null: there.</summary>
    public string? Destination { get; init; }

    /// <summary>The same for the port.</summary>
    public int? DestinationPort { get; init; }

    /// <summary>Without SSH when the SSH server cannot be reached by TCP. Never after a failure that could be an attack.</summary>
    public bool FallbackToPlain { get; init; }

    /// <summary>For <see cref="FilterAction.FtpTunnel"/>.</summary>
    public FtpOptions Ftp { get; init; } = new();
}
