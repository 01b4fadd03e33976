namespace ActorTunnel.Engine.Socks;

/// <summary>Numbers of RFC 1928 and RFC 1929.</summary>
internal static class Socks5
{
    /// <summary>VER of everything but the login.</summary>
    public const byte Version = 5;

    /// <summary>VER of the login (RFC 1929, section 2).</summary>
    public const byte LoginVersion = 1;

    /// <summary>The longest name, user name or password: its length is one byte.</summary>
    public const int MaxText = 255;
}

/// <summary>METHOD (RFC 1928, section 3).</summary>
internal enum Socks5Method : byte
{
    None = 0,
    UserNamePassword = 2,
    NoAcceptable = 0xFF,
}

/// <summary>ATYP (RFC 1928, section 5).</summary>
internal enum Socks5AddressType : byte
{
    IPv4 = 1,
    DomainName = 3,
    IPv6 = 4,
}

/// <summary>REP (RFC 1928, section 6).</summary>
internal enum Socks5ReplyCode : byte
{
    Succeeded = 0,
    GeneralFailure = 1,
    NotAllowed = 2,
    NetworkUnreachable = 3,
    HostUnreachable = 4,
    ConnectionRefused = 5,
    TtlExpired = 6,
    CommandNotSupported = 7,
    AddressTypeNotSupported = 8,
}
