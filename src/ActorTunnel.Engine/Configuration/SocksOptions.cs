namespace ActorTunnel.Engine.Configuration;

/// <summary>A SOCKS proxy: versions 4, 4a and 5. What becomes of its clients' connections is the matter of the rules.</summary>
public sealed record SocksOptions : ProxyEntryOptions
{
    /// <summary>
    /// Who may use it, by user name and password (RFC 1929); SOCKS 4, which has no passwords, is refused then. Null: everybody who comes
    /// from <see cref="ProxyEntryOptions.Clients"/>.
    /// </summary>
    public SocksUsers? Users { get; init; }
}
