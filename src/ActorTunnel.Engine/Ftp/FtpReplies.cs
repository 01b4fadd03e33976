using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// What the engine itself says to FTP clients; to those whom something failed, why and what to do about it. Codes: RFC 959, section 4.2.2;
/// 522: RFC 2428; 534: RFC 4217, section 4.
/// </summary>
internal static class FtpReplies
{
    public static FtpReply Ok { get; } = FtpReply.Create(200, "OK.");

    public static FtpReply ExtendedOnly { get; } = FtpReply.Create(200, "EPSV ALL: only EPSV from now on.");

    /// <summary>
    /// Clients choose by it how to read listings, and take it for said. No server is there to ask; this is what nearly all of them say.
    /// </summary>
    public static FtpReply System { get; } = FtpReply.Create(215, "UNIX Type: L8");

    public static FtpReply ReadyForLogin { get; } = FtpReply.Create(220, "Ready.");

    public static FtpReply ReadyForProxyLogin { get; } = FtpReply.Create(220, "Ready; log in as USER@HOST or USER@HOST:PORT.");

    public static FtpReply HostNoted { get; } = FtpReply.Create(220, "Host noted.");

    public static FtpReply Goodbye { get; } = FtpReply.Create(221, "Goodbye.");

    public static FtpReply Aborted { get; } = FtpReply.Create(226, "Aborted.");

    public static FtpReply PasswordNeeded { get; } = FtpReply.Create(331, "Password, please.");

    public static FtpReply ServerLost { get; } = FtpReply.Failed(421, "The FTP server closed the connection; log in again to go on.");

    public static FtpReply ServerGivenUp { get; } =
        FtpReply.Failed(421, "The FTP server does not answer as it should; closing the control connection.");

    public static FtpReply ShuttingDown { get; } = FtpReply.Failed(421, "The tunnel is stopping; closing the control connection.");

    public static FtpReply TooManySessions { get; } = FtpReply.Failed(421, "Too many connections; try again later.");

    public static FtpReply TooManyOfClient { get; } =
        FtpReply.Failed(421, "Too many connections from your address; close one, or try again later.");

    public static FtpReply TooManyOfUser { get; } = FtpReply.Failed(421, "Too many connections of this user; close one, or try again later.");

    public static FtpReply LoginTooSlow { get; } = FtpReply.Failed(421, "No login in time; closing the control connection.");

    public static FtpReply TooManyLogins { get; } = FtpReply.Failed(421, "Too many failed logins; closing the control connection.");

    public static FtpReply InternalError { get; } = FtpReply.Failed(421, "Internal error; closing the control connection.");

    public static FtpReply NoDataEndpoint { get; } = FtpReply.Failed(425, "Use PASV, EPSV, PORT or EPRT first.");

    public static FtpReply EndpointTooLong { get; } =
        FtpReply.Failed(425, "The FTP server's reply is too long to find its port in it; try EPSV or PASV, the other of the two.");

    public static FtpReply LineTooLong { get; } = FtpReply.Failed(500, "Command line too long.");

    public static FtpReply LineBreakWithin { get; } = FtpReply.Create(501, "Not within a command: carriage return and NUL.");

    /// <summary>What may be a command to a server, and must not be one unseen.</summary>
    public static FtpReply GarbledVerb { get; } = FtpReply.Create(500, "Not a command: its name is letters and digits.");

    public static FtpReply LineEndless { get; } = FtpReply.Failed(421, "A command line does not end; closing the control connection.");

    /// <summary>For the log, too. Its client cannot read it, but ends at once, with a word about TLS, and does not wait for an answer.</summary>
    public static FtpReply ClientSpeaksTls { get; } =
        FtpReply.Failed(421, "The client speaks TLS from the start (implicit FTPS): it must use plain FTP, or be forwarded with tcp/.");

    public static FtpReply ServerSpeaksTls { get; } =
        FtpReply.Failed(421, "The FTP server speaks TLS from the start (implicit FTPS): use its port for plain FTP, or forward with tcp/.");

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

    /// <summary>As a server that does not know the command: clients take another way (MLSD, EPSV).</summary>
    public static FtpReply NotAvailable { get; } = FtpReply.Create(502, "Not available: it is denied through this tunnel.");

    public static FtpReply NoTlsToSetUp { get; } =
        FtpReply.Create(503, "There is no TLS to set up: the SSH tunnel protects this connection.");

    public static FtpReply UserFirst { get; } = FtpReply.Create(503, "USER first.");

    public static FtpReply HostAfterUser { get; } = FtpReply.Create(503, "HOST comes before USER.");

    public static FtpReply LoginFirst { get; } = FtpReply.Create(530, "Log in first, with USER and PASS.");

    public static FtpReply ReconnectForOther { get; } = FtpReply.Create(530, "Reconnect to log in as somebody else.");

    public static FtpReply PassiveNeedsAddress { get; } =
        FtpReply.Create(502, "The tunnel knows no address to tell you (AdvertiseAddress is not set); use EPSV.");

    public static FtpReply NotThroughTunnel { get; } = FtpReply.Create(502, "Not available through this tunnel.");

    public static FtpReply MalformedFamily { get; } = FtpReply.Create(501, "EPSV takes a protocol number, or ALL.");

    public static FtpReply UnknownAddressFamily { get; } = FtpReply.Create(522, "Address family not supported, use (1,2)");

    public static FtpReply NoTls { get; } = FtpReply.Create(534, "The SSH tunnel protects this connection; continue without TLS.");

    /// <summary>UploadName=temporary: and under its own name a broken upload could be taken for whole.</summary>
    public static FtpReply NoTemporaryName { get; } = FtpReply.Create(553, "This file cannot have a temporary name.");

    /// <summary>As vsftpd and ProFTPD say it.</summary>
    public static FtpReply Denied { get; } = FtpReply.Create(550, "Permission denied: this command is not allowed through this tunnel.");

    public static FtpReply ReadOnly { get; } = FtpReply.Create(550, "Permission denied: files are read through this tunnel, not changed.");

    /// <summary>RFC 2428, section 4: the session has been promised to ask by EPSV alone. It names no code; BSD's servers say 501.</summary>
    public static FtpReply OnlyExtended(FtpCommand command) => FtpReply.Create(501, $"{command} disallowed after EPSV ALL.");

    /// <summary>RFC 2428, section 3: the list is of those that can be asked for.</summary>
    public static FtpReply OtherFamily(int ours) => FtpReply.Create(522, $"Network protocol not supported, use ({ours})");

    /// <summary>To PORT or EPRT, when the server was asked for something else.</summary>
    public static FtpReply SetUp(FtpCommand command) => FtpReply.Create(200, $"{command} command successful.");

    /// <summary>A rule refuses the destination that USER has named.</summary>
    public static FtpReply NotAllowed(string? reason) => FtpReply.Failed(530, $"Not allowed: {reason ?? "it is blocked"}.");

    /// <summary>There is no session. lftp and others wait longer before they come again when they read that there are too many.</summary>
    /// <param name="code">421 as the greeting, or what <see cref="FailureTable.FtpCode"/> says as the answer to a login.</param>
    /// <param name="failure">Why.</param>
    /// <param name="reason">The line.</param>
    public static FtpReply NoSession(int code, Failure failure, string reason) => FtpReply.Failed(code, failure switch
    {
        Failure.Limit => $"Too many connections; try again later: {reason}",
        Failure.Authentication => $"SSH login refused: {reason}",
        Failure.HostKey => $"The SSH server is not trusted: {reason}",
        _ => $"Cannot reach the FTP server: {reason}",
    });

    public static FtpReply NoGreeting(string host, int port) => FtpReply.Failed(
        421,
        $"No FTP server greets on {host} port {port}, which has said nothing for 60 s. Another service is forwarded with tcp/, not ftp/;"
        + " so is FTP that waits for TLS (implicit FTPS).");

    public static FtpReply Idle(TimeSpan limit) => FtpReply.Failed(421, $"Idle for {limit.TotalSeconds:0} s; log in again to go on.");

    /// <param name="reason">What was noticed; null: nothing more than that it is gone.</param>
    public static FtpReply TunnelLost(string? reason) =>
        FtpReply.Failed(421, $"The SSH connection was lost; log in again to go on{(reason is null ? "." : ": " + reason)}");

    /// <summary>425 says that no data connection was made; 426 that one was made and broke.</summary>
    public static FtpReply CannotOpenDataConnection(string reason) => FtpReply.Failed(425, $"Cannot open a data connection: {reason}");

    /// <summary>The server's own code, without the words, which had to be held back and were too many for that.</summary>
    public static FtpReply OutcomeTooLong(int code) => FtpReply.Create(code, "The FTP server says more about this transfer than can be held.");

    /// <summary>Said in place of a success that is none.</summary>
    public static FtpReply TransferBroken(string reason) => FtpReply.Failed(426, $"Transfer aborted: {reason}");

    /// <summary>In place of a success. 451, not 426: the data connection was in order, what the server has made of it is not.</summary>
    public static FtpReply WrongSize(long size, long sent) =>
        FtpReply.Failed(451, $"The file on the server has {size} bytes, but {sent} were sent; upload it again.");

    /// <summary>In place of a success: all of the file is there, under another name.</summary>
    public static FtpReply NotRenamed(string temporaryName, FtpReply because) =>
        FtpReply.Failed(451, $"Stored as {temporaryName}, could not be renamed: {because.Code} {because.Text}");
}
