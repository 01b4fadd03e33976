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
        [Failure.HostNotFound] = (10, "host-not-found"),
        [Failure.ConnectionRefused] = (11, "refused"),
        [Failure.Unreachable] = (12, "unreachable"),
        [Failure.Timeout] = (13, "timeout"),
        [Failure.HostKey] = (14, "host-key"),
        [Failure.Authentication] = (15, "auth"),
        [Failure.Credential] = (16, "credential"),
        [Failure.Protocol] = (17, "protocol"),
        [Failure.Prohibited] = (18, "prohibited"),
        [Failure.Listen] = (19, "listen"),
        [Failure.ConnectionLost] = (20, "connection-lost"),
        [Failure.PeerReset] = (21, "peer-reset"),
        [Failure.PeerClosed] = (22, "peer-closed"),
        [Failure.Policy] = (23, "policy"),
        [Failure.Limit] = (24, "limit"),
        [Failure.Shutdown] = (25, "shutdown"),
    };

    /// <summary>The exit code of a program that ends for this reason.</summary>
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
