using System.Text.RegularExpressions;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.Rules;

/// <summary>
/// One rule: which connections it captures, and what becomes of them. All the conditions that are given must hold; a list holds when one of
/// its entries does, and an empty one is no condition.
/// </summary>
public sealed record FilterRule
{
    /// <summary>For logs, audit and <c>check</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What becomes of the connection.</summary>
    public required FilterAction Action { get; init; }

    /// <summary>Destination hosts, see <see cref="HostPattern"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>For the whole host in canonical form; made by <see cref="HostExpression"/>.</summary>
    public Regex? HostRegex { get; init; }

    /// <summary>Destination addresses; see <see cref="Resolve"/> for names.</summary>
    public IReadOnlyList<AddressRange> Addresses { get; init; } = [];

    /// <summary>
    /// A name is compared with <see cref="Addresses"/> by what it resolves to here; without this it never matches them. To block, one of
    /// its addresses among them is enough, as the connection could go there, or that it has none, as the SSH server may know one; to let
    /// pass, all must be, as the connection may go to any.
    /// </summary>
    public bool Resolve { get; init; }

    /// <summary>Destination ports.</summary>
    public IReadOnlyList<PortRange> Ports { get; init; } = [];

    /// <summary>Where the client comes from.</summary>
    public IReadOnlyList<AddressRange> Clients { get; init; } = [];

    /// <summary>Whom it has logged in to the SOCKS proxy as.</summary>
    public IReadOnlyList<string> SocksUsers { get; init; } = [];

    /// <summary>For the two tunnel actions.</summary>
    public ProfileTemplate? Profile { get; init; }

    /// <summary>The SSH server is the host that the application asked for.</summary>
    public bool HostFromApplication { get; init; }

    /// <summary>
    /// The SSH login is the FTP login: this program greets the FTP client itself. Only for <see cref="FilterAction.FtpTunnel"/>.
    /// </summary>
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
