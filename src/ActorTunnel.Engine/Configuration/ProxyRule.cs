namespace ActorTunnel.Engine.Configuration;

/// <summary>Destinations, and the way that TCP connections to them go.</summary>
/// <param name="Destinations">Any of these; empty means all.</param>
/// <param name="Proxy">Null: directly.</param>
public sealed record ProxyRule(IReadOnlyList<ProxyDestination> Destinations, ProxyServer? Proxy);
