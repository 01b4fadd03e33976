using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Sessions;

/// <summary>What an FTP session counts as.</summary>
/// <param name="Owner">Whose limits hold.</param>
/// <param name="Client">Where the client comes from.</param>
/// <param name="Limits">At the time when it came.</param>
internal sealed record SessionPlace(SessionOwner Owner, IPAddress Client, FtpRestrictions Limits)
{
    /// <summary>Whom the server has let in, as <see cref="NameOf"/> has it; null: nobody yet.</summary>
    public string? User { get; init; }

    /// <summary>
    /// A user's name for counting. Some servers tell capitals apart and some do not, and some pass over blanks: a name that is the same to
    /// one of them is the same here, for otherwise it would be a way around the limit.
    /// </summary>
    public static string NameOf(ReadOnlySpan<byte> user) => AuditText.Of(user.Trim(" \t"u8)).ToUpperInvariant();
}

/// <summary>The rule that decided about a session, or the fixed forward that it has come by. By name, so that a reload counts on.</summary>
internal readonly record struct SessionOwner(string Name, bool IsRule);

/// <summary>Which limit a session would be above.</summary>
internal enum SessionLimit
{
    /// <summary>None: there is room.</summary>
    None,

    /// <summary><see cref="FtpRestrictions.SessionsPerClient"/>.</summary>
    Client,

    /// <summary><see cref="FtpRestrictions.SessionsPerUser"/>.</summary>
    User,
}

/// <summary>What is said of limits.</summary>
internal static class SessionLimits
{
    /// <summary>For log and audit.</summary>
    public static string Reason(this SessionLimit limit) =>
        limit == SessionLimit.Client ? "too many sessions of this address" : "too many sessions of this user";

    /// <summary>For the client.</summary>
    public static FtpReply Reply(this SessionLimit limit) =>
        limit == SessionLimit.Client ? FtpReplies.TooManyOfClient : FtpReplies.TooManyOfUser;
}

/// <summary>
/// A session to its parent: this is what it counts as from now on. Answered by <see cref="PlaceTaken"/>, or by <see cref="PlaceRefused"/>,
/// and then it counts as what it was. Its place is free again when it has ended.
/// </summary>
internal sealed record TakePlace(SessionPlace Place);

/// <summary>There was room.</summary>
internal sealed record PlaceTaken
{
    public static PlaceTaken Instance { get; } = new();
}

/// <summary>There was none.</summary>
internal sealed record PlaceRefused(SessionLimit Limit);
