using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Ftp;

/// <summary>What the engine itself says to FTP clients. Codes: RFC 959, section 4.2.2; 522: RFC 2428; 534: RFC 4217, section 4.</summary>
internal static class FtpReplies
{
    public static FtpReply Ok { get; } = FtpReply.Create(200, "OK.");

    /// <summary>
    /// Clients choose by it how to read listings, and take it for said. No server is there to ask; this is what nearly all of them say.
    /// </summary>
    public static FtpReply System { get; } = FtpReply.Create(215, "UNIX Type: L8");

    public static FtpReply ReadyForLogin { get; } = FtpReply.Create(220, "Ready.");

    public static FtpReply ReadyForProxyLogin { get; } = FtpReply.Create(220, "Ready; log in as USER@HOST or USER@HOST:PORT.");

    public static FtpReply HostNoted { get; } = FtpReply.Create(220, "Host noted.");

    public static FtpReply Goodbye { get; } = FtpReply.Create(221, "Goodbye.");

    public static FtpReply PasswordNeeded { get; } = FtpReply.Create(331, "Password, please.");

    public static FtpReply TunnelLost { get; } = FtpReply.Create(421, "The SSH connection was lost; closing the control connection.");

    public static FtpReply ServerLost { get; } = FtpReply.Create(421, "The FTP server closed the connection.");

    public static FtpReply ServerGivenUp { get; } =
        FtpReply.Create(421, "The FTP server does not answer as it should; closing the control connection.");

    public static FtpReply ShuttingDown { get; } = FtpReply.Create(421, "The tunnel is stopping; closing the control connection.");

    public static FtpReply TooManySessions { get; } = FtpReply.Create(421, "Too many connections; try again later.");

    public static FtpReply LoginTooSlow { get; } = FtpReply.Create(421, "No login in time; closing the control connection.");

    public static FtpReply TooManyLogins { get; } = FtpReply.Create(421, "Too many failed logins; closing the control connection.");

    public static FtpReply InternalError { get; } = FtpReply.Create(421, "Internal error; closing the control connection.");

    public static FtpReply NoDataEndpoint { get; } = FtpReply.Create(425, "Use PASV, EPSV, PORT or EPRT first.");

    public static FtpReply LineTooLong { get; } = FtpReply.Create(500, "Command line too long.");

    public static FtpReply MalformedEndpoint { get; } = FtpReply.Create(501, "Not an address and a port.");

    public static FtpReply ForeignEndpoint { get; } =
        FtpReply.Create(501, "Data connections go to the client's own address, port 1024 or above.");

    public static FtpReply UserNeeded { get; } = FtpReply.Create(501, "A user name is needed.");

    public static FtpReply UserNotForSsh { get; } = FtpReply.Create(
        501, "The user name must be UTF-8, up to 255 bytes without control characters: it is the SSH user name too.");

    public static FtpReply PasswordNotForSsh { get; } = FtpReply.Create(501, "The password must not hold a NUL: it is the SSH password too.");

    public static FtpReply UserNamesNoHost { get; } = FtpReply.Create(501, "Log in as USER@HOST, USER@HOST:PORT or USER@[IPV6]:PORT.");

    public static FtpReply HostNameNeeded { get; } = FtpReply.Create(501, "A host name is needed.");

    public static FtpReply NotAfterLogin { get; } = FtpReply.Create(502, "Not available here: reconnect to log in again.");

    public static FtpReply UserFirst { get; } = FtpReply.Create(503, "USER first.");

    public static FtpReply HostAfterUser { get; } = FtpReply.Create(503, "HOST comes before USER.");

    public static FtpReply LoginFirst { get; } = FtpReply.Create(530, "Log in first, with USER and PASS.");

    public static FtpReply ReconnectForOther { get; } = FtpReply.Create(530, "Reconnect to log in as somebody else.");

    public static FtpReply PassiveNeedsIPv4 { get; } = FtpReply.Create(502, "PASV is for IPv4; use EPSV.");

    public static FtpReply PassiveNeedsAddress { get; } =
        FtpReply.Create(502, "The tunnel knows no address to tell you (AdvertiseAddress is not set); use EPSV.");

    public static FtpReply NotThroughTunnel { get; } = FtpReply.Create(502, "Not available through this tunnel.");

    public static FtpReply UnknownAddressFamily { get; } = FtpReply.Create(522, "Address family not supported, use (1,2)");

    public static FtpReply NoTls { get; } = FtpReply.Create(534, "The SSH tunnel protects this connection; continue without TLS.");

    /// <summary>UploadName=temporary: and under its own name a broken upload could be taken for whole.</summary>
    public static FtpReply NoTemporaryName { get; } = FtpReply.Create(553, "This file cannot have a temporary name.");

    /// <summary>A rule refuses the destination that USER has named.</summary>
    public static FtpReply NotAllowed(string? reason) => FtpReply.Create(530, $"Not allowed: {reason ?? "it is blocked"}.");

    /// <summary>There is no session. lftp and others wait longer before they come again when they read that there are too many.</summary>
    /// <param name="code">421 as the greeting, or what <see cref="FailureTable.FtpCode"/> says as the answer to a login.</param>
    /// <param name="failure">Why.</param>
    /// <param name="reason">The line.</param>
    public static FtpReply NoSession(int code, Failure failure, string reason) => FtpReply.Create(code, failure switch
    {
        Failure.Limit => $"Too many connections; try again later: {reason}",
        Failure.Authentication => $"SSH login refused: {reason}",
        _ => $"Cannot reach the FTP server: {reason}",
    });

    /// <summary>425 says that no data connection was made; 426 that one was made and broke.</summary>
    public static FtpReply CannotOpenDataConnection(string reason) => FtpReply.Create(425, $"Cannot open a data connection: {reason}");

    /// <summary>Said in place of a success that is none.</summary>
    public static FtpReply TransferBroken(string reason) => FtpReply.Create(426, $"Transfer aborted: {reason}");

    /// <summary>In place of a success. 451, not 426: the data connection was in order, what the server has made of it is not.</summary>
    public static FtpReply WrongSize(long size, long sent) =>
        FtpReply.Create(451, $"The file on the server has {size} bytes, but {sent} were sent; upload it again.");

    /// <summary>In place of a success: all of the file is there, under another name.</summary>
    public static FtpReply NotRenamed(string temporaryName, FtpReply because) =>
        FtpReply.Create(451, $"Stored as {temporaryName}, could not be renamed: {because.Text}");
}
