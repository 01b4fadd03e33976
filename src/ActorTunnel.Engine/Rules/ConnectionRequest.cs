using System.Net;

namespace ActorTunnel.Engine.Rules;

/// <summary>Who wants to go where.</summary>
/// <param name="Host">Name or address, as the client wrote it.</param>
/// <param name="Port">1..65535.</param>
/// <param name="Client">From where; an IPv4 address never mapped to IPv6.</param>
public sealed record ConnectionRequest(string Host, int Port, IPAddress Client)
{
    /// <summary>Whom the client has logged in to the SOCKS proxy as, or named there (SOCKS 4); null: nobody.</summary>
    public string? SocksUser { get; init; }

    /// <summary>What the name resolves to here, when a rule has asked for it (<c>resolve</c>); null: not resolved.</summary>
    public IReadOnlyList<IPAddress>? Addresses { get; init; }
}
