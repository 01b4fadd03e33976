using System.Net;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>What an <see cref="FtpServer"/> serves, to whom, and its limits.</summary>
internal sealed record FtpServerOptions
{
    public required IReadOnlyList<IPEndPoint> EndPoints { get; init; }

    /// <summary>Passwords by user name.</summary>
    public required IReadOnlyDictionary<string, string> Users { get; init; }

    public required IFtpStorage Storage { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Sessions beyond this hear 421 and are closed.</summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>How long a control connection may be silent while nothing is transferred.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the data connection may take to be made, or stand still.</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long the control connection must outlive the data connection of an upload for the file to be complete: the two ends of a client
    /// that was killed come one shortly after the other, in any order.
    /// </summary>
    public TimeSpan UploadGrace { get; init; } = TimeSpan.FromMilliseconds(10);
}
