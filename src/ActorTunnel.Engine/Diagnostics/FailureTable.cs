namespace ActorTunnel.Engine.Diagnostics;

/// <summary>The one table that says what a <see cref="Failure"/> is called outside the engine.</summary>
public static class FailureTable
{
    /// <summary>
    /// The exit code of a process that ended because of <paramref name="failure"/>: 0 for none, otherwise another number for each.
    /// They are a promise to scripts: numbers are added, never changed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a member of <see cref="Failure"/>.</exception>
    public static int ExitCode(this Failure failure) => failure switch
    {
        Failure.None => 0,
        Failure.Internal => 1,
        Failure.Configuration => 2,
        Failure.HostNotFound => 3,
        Failure.ConnectionRefused => 4,
        Failure.Unreachable => 5,
        Failure.Timeout => 6,
        Failure.HostKey => 7,
        Failure.Authentication => 8,
        Failure.Credential => 9,
        Failure.Protocol => 10,
        Failure.Prohibited => 11,
        Failure.Listen => 12,
        Failure.ConnectionLost => 13,
        Failure.PeerReset => 14,
        Failure.PeerClosed => 15,
        Failure.Policy => 16,
        Failure.Limit => 17,
        // What shells report for a program that an interrupt ended.
        Failure.Shutdown => 130,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}
