using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Ssh;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>What a data channel knows of the session it belongs to.</summary>
internal sealed record DataChannelContext
{
    /// <summary>
    /// Receive window of a data channel: starts small, because it cannot be withdrawn, and grows while the client keeps up. 2 MiB is
    /// where more only makes sshd copy more.
    /// </summary>
    public static ChannelWindow Window { get; } = new(256 * 1024, 2 * 1024 * 1024);

    public required string SessionId { get; init; }

    /// <summary>How this data connection was asked for, as audit calls it: passive or active.</summary>
    public required string Mode { get; init; }

    /// <summary>The SSH connection of the control channel.</summary>
    public required ISshTransport Transport { get; init; }

    /// <summary>The session's listener on the SSH server.</summary>
    public required SessionListener Listener { get; init; }

    /// <summary>Asked for another, when data channels are spread over several.</summary>
    public required IActorRef Tunnels { get; init; }

    /// <summary>The control connection to the FTP server; data actors only close it, when a broken upload leaves no other way.</summary>
    public required Stream ServerControl { get; init; }

    /// <summary>Who is where; data actors only ask.</summary>
    public required SessionRoute Route { get; init; }

    /// <summary>Told of each transfer when it is over.</summary>
    public required SessionAudit Audit { get; init; }

    /// <summary>Asked how much was carried.</summary>
    public required DataMeter Meter { get; init; }

    public required EngineServices Services { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The client's end of its control connection.</summary>
    public IPEndPoint Client => Route.Client;

    /// <inheritdoc cref="SessionRoute.Local"/>
    public IPEndPoint Local => Route.Local;

    public FtpOptions Options => Route.Ftp;

    /// <inheritdoc cref="SessionRoute.Socks"/>
    public SocksOrigin? Socks => Route.Socks;
}
