using System.IO.Enumeration;
using System.Net;

namespace ActorTunnel.Engine.Configuration;

/// <summary>Where a connection goes to, as the profile names it: names are not resolved for this, so an address pattern never matches a name.</summary>
public sealed record ProxyDestination
{
    /// <summary>A name or address in which <c>*</c> stands for any letters and <c>?</c> for one; null: any.</summary>
    public string? Host { get; init; }

    /// <summary>Addresses; null: any.</summary>
    public IPNetwork? Network { get; init; }

    /// <summary>Ports; null: any.</summary>
    public PortRange? Ports { get; init; }

    internal bool Matches(string host, int port) =>
        (Host is null || FileSystemName.MatchesSimpleExpression(Host, host, ignoreCase: true))
        && (Network is not { } network || (IPAddress.TryParse(host, out var address) && network.Contains(address)))
        && (Ports is not { } ports || (port >= ports.Low && port <= ports.High));
}
