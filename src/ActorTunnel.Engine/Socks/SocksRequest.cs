namespace ActorTunnel.Engine.Socks;

/// <summary>What a client of the proxy wants.</summary>
/// <param name="Version">What it speaks, and is answered in.</param>
/// <param name="Command">Possibly none that there is.</param>
/// <param name="Host">Name or address, as it came; null: of a type that is not known.</param>
/// <param name="Port">0..65535.</param>
/// <param name="User">SOCKS 4 only: whom the client says it is; empty: nobody.</param>
internal sealed record SocksRequest(SocksVersion Version, SocksCommand Command, string? Host, int Port, string User = "")
{
    /// <summary>Why it cannot be served, whatever the rules say; null: it can.</summary>
    public Socks5ReplyCode? Refusal => this switch
    {
        { Command: not (SocksCommand.Connect or SocksCommand.Bind) } => Socks5ReplyCode.CommandNotSupported,
        { Host: null } => Socks5ReplyCode.AddressTypeNotSupported,
        { Command: SocksCommand.Connect } when Port == 0 || !SocksName.IsValid(Host) => Socks5ReplyCode.HostUnreachable,
        _ => null,
    };
}

/// <summary>The first byte of what a client says: VER (RFC 1928, section 3), VN (SOCKS 4).</summary>
internal enum SocksVersion : byte
{
    Four = 4,
    Five = 5,
}

/// <summary>CMD (RFC 1928, section 4); CD of SOCKS 4 has the first two.</summary>
internal enum SocksCommand : byte
{
    Connect = 1,
    Bind = 2,
    UdpAssociate = 3,
}
