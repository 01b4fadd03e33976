using System.Collections.Frozen;

namespace ActorTunnel.Engine.Configuration;

/// <summary>What FTP clients may do, and how much of it.</summary>
public sealed record FtpRestrictions
{
    /// <summary>Bytes of a command line, its end included, unless something else is said.</summary>
    public const int DefaultMaxLineLength = 16 * 1024;

    /// <summary>What <see cref="MaxLineLength"/> may be at least.</summary>
    public const int LeastMaxLineLength = 512;

    /// <summary>What <see cref="MaxLineLength"/> may be at most.</summary>
    public const int MostMaxLineLength = 64 * 1024;

    /// <summary>What <see cref="TransferRate"/> may be at least.</summary>
    public const long LeastTransferRate = 1024;

    /// <summary>Nothing that changes the server's files.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Commands that never reach the server, in capitals; of SITE and OPTS also with their first word, as in "SITE CHMOD".</summary>
    public IReadOnlySet<string> DeniedCommands { get; init; } = FrozenSet<string>.Empty;

    /// <summary>
    /// Data connections may go to and come from another host than the client's (FXP, server to server). Off, that is the "bounce" attack
    /// (RFC 2577, section 3).
    /// </summary>
    public bool AllowFxp { get; init; }

    /// <summary>Bytes of the longest command line, its end included; 512..65536.</summary>
    public int MaxLineLength { get; init; } = DefaultMaxLineLength;

    /// <summary>Sessions at once of one client address by this rule or forward; null: as many as there is room for.</summary>
    public int? SessionsPerClient { get; init; }

    /// <summary>Sessions at once of one FTP user by this rule or forward; null: as many as there is room for.</summary>
    public int? SessionsPerUser { get; init; }

    /// <summary>Bytes a second of each transfer; null: as fast as it goes.</summary>
    public long? TransferRate { get; init; }
}
