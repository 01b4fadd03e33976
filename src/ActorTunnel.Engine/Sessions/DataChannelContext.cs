using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions;

/// <summary>What a data channel knows of the session it belongs to.</summary>
internal sealed record DataChannelContext
{
    /// <summary>
    /// Receive window of a data channel: starts small, because it cannot be withdrawn, and grows while the client keeps up. 2 MiB is
    /// where more only makes sshd copy more.
    /// </summary>
    public static ChannelWindow Window { get; } = new(256 * 1024, 2 * 1024 * 1024);

    public required string SessionId { get; init; }

    /// <summary>The SSH connection of the control channel.</summary>
    public required ISshTransport Transport { get; init; }

    /// <summary>Asked for another, when data channels are spread over several.</summary>
    public required IActorRef Tunnels { get; init; }

    public required TunnelProfile Profile { get; init; }

    /// <summary>The control channel to the FTP server; data actors only close it, when a broken upload leaves no other way.</summary>
    public required ITunnelChannel ServerControl { get; init; }

    /// <summary>The client's control connection; data actors only ask whether its peer is there.</summary>
    public required Socket ControlSocket { get; init; }

    /// <summary>The client's end of its control connection.</summary>
    public required IPEndPoint Client { get; init; }

    /// <summary>Our end of the client's control connection: the address it knows us by.</summary>
    public required IPEndPoint Local { get; init; }

    public required FtpOptions Options { get; init; }

    public required EngineServices Services { get; init; }

    public required ILogger Logger { get; init; }
}
