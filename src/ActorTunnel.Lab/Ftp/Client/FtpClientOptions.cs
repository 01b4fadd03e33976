using System.Net;

namespace ActorTunnel.Lab.Ftp.Client;

/// <summary>Where an <see cref="FtpClient"/> connects, as whom, and how it makes data connections.</summary>
internal sealed record FtpClientOptions
{
    public required IPEndPoint Server { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    public DataMode Mode { get; init; } = DataMode.ExtendedPassive;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a reply, a data connection or its next byte may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
