using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>What each <see cref="Failure"/> is called outside: exit code, word, the codes of a SOCKS 5 and of an FTP reply.</summary>
public static class FailureTable
{
    private static readonly Dictionary<Failure, (int ExitCode, string Word, byte SocksCode, int FtpCode)> _rows = new()
    {
        [Failure.None] = (0, "ok", 0, 421),
        [Failure.Internal] = (1, "internal", 1, 421),
        [Failure.Configuration] = (2, "configuration", 1, 530),
        [Failure.HostNotFound] = (3, "host-not-found", 4, 421),
        [Failure.ConnectionRefused] = (4, "refused", 5, 421),
        [Failure.Unreachable] = (5, "unreachable", 4, 421),
        [Failure.Timeout] = (6, "timeout", 4, 421),
        [Failure.HostKey] = (7, "host-key", 1, 530),
        [Failure.Authentication] = (8, "auth", 1, 530),
        [Failure.Credential] = (9, "credential", 1, 530),
        [Failure.Protocol] = (10, "protocol", 1, 421),
        [Failure.Prohibited] = (11, "prohibited", 2, 530),
        [Failure.Listen] = (12, "listen", 1, 421),
        [Failure.ConnectionLost] = (13, "connection-lost", 1, 421),
        [Failure.PeerReset] = (14, "peer-reset", 1, 421),
        [Failure.PeerClosed] = (15, "peer-closed", 1, 421),
        [Failure.Policy] = (16, "policy", 2, 530),
        [Failure.Limit] = (17, "limit", 1, 421),
        [Failure.TargetUnreachable] = (18, "target-unreachable", 4, 421),
        [Failure.FtpServer] = (19, "ftp-server", 1, 530),
        // What shells report for a program that an interrupt ended.
        [Failure.Shutdown] = (130, "shutdown", 1, 421),
    };

    /// <summary>
    /// The exit code of a program that ends for this reason, another for each. A promise to scripts: numbers are added, never changed.
    /// </summary>
    public static int ExitCode(this Failure failure) => _rows[failure].ExitCode;

    /// <summary>The word in logs and metrics.</summary>
    public static string Word(this Failure failure) => _rows[failure].Word;

    /// <summary>
    /// REP of a SOCKS 5 reply (RFC 1928, section 6): what a client can act on. Not allowed, unreachable and refused are said of the target
    /// and of the way to it alike; for the rest it has only "general failure". SOCKS 4 has one code for all failures.
    /// </summary>
    public static byte SocksCode(this Failure failure) => _rows[failure].SocksCode;

    /// <summary>
    /// The FTP reply to a login without a session behind it (RFC 959, section 5.4): 530 when the same login will fare no better, 421 when
    /// it may later. lftp comes again after every 421, and curl shows none. In place of a greeting there is only 421, for a data
    /// connection only 425.
    /// </summary>
    public static int FtpCode(this Failure failure) => _rows[failure].FtpCode;

    /// <summary>The engine's name for what SSH calls a failure.</summary>
    public static Failure ToFailure(this SshFailure failure) => failure switch
    {
        SshFailure.ClosedLocally => Failure.Shutdown,
        SshFailure.ClosedByPeer or SshFailure.ConnectionLost => Failure.ConnectionLost,
        SshFailure.ProtocolError or SshFailure.NoCommonAlgorithm => Failure.Protocol,
        SshFailure.Timeout => Failure.Timeout,
        SshFailure.HostKeyUnknown or SshFailure.HostKeyChanged => Failure.HostKey,
        SshFailure.AuthenticationFailed => Failure.Authentication,
        SshFailure.CredentialUnusable => Failure.Credential,
        SshFailure.ForwardingRefused or SshFailure.ChannelRefused => Failure.Prohibited,
        _ => Failure.Internal,
    };
}
