namespace ActorTunnel.Engine.Ftp;

/// <summary>What the engine itself says to FTP clients. Codes: RFC 959, section 4.2.2; 522: RFC 2428; 534: RFC 4217, section 4.</summary>
internal static class FtpReplies
{
    public static FtpReply TunnelLost { get; } = FtpReply.Create(421, "The SSH connection was lost; closing the control connection.");

    public static FtpReply ServerLost { get; } = FtpReply.Create(421, "The FTP server closed the connection.");

    public static FtpReply ServerGivenUp { get; } =
        FtpReply.Create(421, "The FTP server does not answer as it should; closing the control connection.");

    public static FtpReply ShuttingDown { get; } = FtpReply.Create(421, "The tunnel is stopping; closing the control connection.");

    public static FtpReply TooManySessions { get; } = FtpReply.Create(421, "Too many connections; try again later.");

    public static FtpReply NoDataEndpoint { get; } = FtpReply.Create(425, "Use PASV, EPSV, PORT or EPRT first.");

    public static FtpReply LineTooLong { get; } = FtpReply.Create(500, "Command line too long.");

    public static FtpReply MalformedEndpoint { get; } = FtpReply.Create(501, "Not an address and a port.");

    public static FtpReply ForeignEndpoint { get; } =
        FtpReply.Create(501, "Data connections go to the client's own address, port 1024 or above.");

    public static FtpReply PassiveNeedsIPv4 { get; } = FtpReply.Create(502, "PASV is for IPv4; use EPSV.");

    public static FtpReply PassiveNeedsAddress { get; } =
        FtpReply.Create(502, "The tunnel knows no address to tell you (AdvertiseAddress is not set); use EPSV.");

    public static FtpReply NotThroughTunnel { get; } = FtpReply.Create(502, "Not available through this tunnel.");

    public static FtpReply UnknownAddressFamily { get; } = FtpReply.Create(522, "Address family not supported, use (1,2)");

    public static FtpReply NoTls { get; } = FtpReply.Create(534, "The SSH tunnel protects this connection; continue without TLS.");

    /// <summary>The server cannot be reached: no session.</summary>
    public static FtpReply CannotReachServer(string reason) => FtpReply.Create(421, $"Cannot reach the FTP server: {reason}");

    /// <summary>A bound of ours or of the server is reached: no session now.</summary>
    public static FtpReply TooManyConnections(string reason) => FtpReply.Create(421, $"Too many connections; try again later: {reason}");

    /// <summary>425 says that no data connection was made; 426 that one was made and broke.</summary>
    public static FtpReply CannotOpenDataConnection(string reason) => FtpReply.Create(425, $"Cannot open a data connection: {reason}");

    /// <summary>Said in place of a success that is none.</summary>
    public static FtpReply TransferBroken(string reason) => FtpReply.Create(426, $"Transfer aborted: {reason}");
}
