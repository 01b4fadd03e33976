using System.Globalization;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>What the exit codes mean, for the help.</summary>
internal static class ExitCodes
{
    /// <summary>Each code that a command can end with, in ascending order.</summary>
    public static IReadOnlyList<(string Number, string Meaning)> Meanings { get; } =
    [
        .. Enum.GetValues<Failure>()
            .OrderBy(failure => failure.ExitCode())
            .Select(failure => (failure.ExitCode().ToString(CultureInfo.InvariantCulture), Meaning(failure))),
    ];

    private static string Meaning(Failure failure) => failure switch
    {
        Failure.None => "stopped as asked",
        Failure.Configuration => "the command line or a configuration file cannot be used",
        Failure.HostNotFound => "host not found",
        Failure.ConnectionRefused => "connection refused",
        Failure.Unreachable => "host unreachable",
        Failure.Timeout => "no answer in time",
        Failure.HostKey => "host key unknown, changed or revoked",
        Failure.Authentication => "authentication failed",
        Failure.Credential => "a key or password file cannot be used",
        Failure.Protocol => "SSH protocol error, or no algorithm in common",
        Failure.Prohibited => "the server forbids the forwarding",
        Failure.TargetUnreachable => "the SSH server cannot reach the next host",
        Failure.Listen => "a local port is in use or may not be opened",
        Failure.ConnectionLost => "the SSH connection was lost",
        Failure.PeerReset => "the peer reset the connection",
        Failure.PeerClosed => "the peer closed the connection",
        Failure.Policy => "forbidden by a rule",
        Failure.Limit => "a limit was reached",
        Failure.FtpServer => "the FTP server refused",
        Failure.Shutdown => "stopped before it was ready, or at once by a second signal",
        Failure.Internal => "unexpected error, a defect of this program",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}
