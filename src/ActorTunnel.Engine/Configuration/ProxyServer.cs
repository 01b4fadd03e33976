namespace ActorTunnel.Engine.Configuration;

/// <summary>A proxy that makes TCP connections for us. It resolves the names of their destinations.</summary>
public sealed record ProxyServer
{
    /// <summary>What it speaks.</summary>
    public required ProxyProtocol Protocol { get; init; }

    /// <summary>Name or address of the proxy.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port, 1..65535.</summary>
    public required int Port { get; init; }

    /// <summary>User name there; null: none is sent.</summary>
    public string? User { get; init; }

    /// <summary>Asked for the password, in UTF-8, when there is a user name; what it returns is zeroed after use. Null: an empty one.</summary>
    public Func<byte[]>? Password { get; init; }
}

/// <summary>How a proxy is asked.</summary>
public enum ProxyProtocol
{
    /// <summary>SOCKS version 5, RFC 1928.</summary>
    Socks5,

    /// <summary>HTTP CONNECT, RFC 9110, section 9.3.6.</summary>
    Http,
}
