using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>What each <see cref="Failure"/> is called outside: exit code and word.</summary>
public static class FailureTable
{
    private static readonly Dictionary<Failure, (int ExitCode, string Word)> _rows = new()
    {
        [Failure.None] = (0, "ok"),
        [Failure.Internal] = (1, "internal"),
        [Failure.Configuration] = (2, "configuration"),
        [Failure.HostNotFound] = (3, "host-not-found"),
        [Failure.ConnectionRefused] = (4, "refused"),
        [Failure.Unreachable] = (5, "unreachable"),
        [Failure.Timeout] = (6, "timeout"),
        [Failure.HostKey] = (7, "host-key"),
        [Failure.Authentication] = (8, "auth"),
        [Failure.Credential] = (9, "credential"),
        [Failure.Protocol] = (10, "protocol"),
        [Failure.Prohibited] = (11, "prohibited"),
        [Failure.Listen] = (12, "listen"),
        [Failure.ConnectionLost] = (13, "connection-lost"),
        [Failure.PeerReset] = (14, "peer-reset"),
        [Failure.PeerClosed] = (15, "peer-closed"),
        [Failure.Policy] = (16, "policy"),
        [Failure.Limit] = (17, "limit"),
        [Failure.TargetUnreachable] = (18, "target-unreachable"),
        [Failure.FtpServer] = (19, "ftp-server"),
        // What shells report for a program that an interrupt ended.
        [Failure.Shutdown] = (130, "shutdown"),
    };

    /// <summary>
    /// The exit code of a program that ends for this reason, another for each. A promise to scripts: numbers are added, never changed.
    /// </summary>
    public static int ExitCode(this Failure failure) => _rows[failure].ExitCode;

    /// <summary>The word in logs and metrics.</summary>
    public static string Word(this Failure failure) => _rows[failure].Word;

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
