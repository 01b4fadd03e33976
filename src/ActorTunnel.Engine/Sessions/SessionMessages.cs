using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Entry to sessions: a client is here.</summary>
internal sealed record NewSession(Socket Client, SessionTarget Target) : ICarriesResource
{
    /// <summary>What the client still has to be told.</summary>
    public Reception Reception { get; init; } = Reception.Silent;

    public IPEndPoint ClientEndPoint { get; } = TcpSocket.Unmapped(Client.RemoteEndPoint);

    public void Release() => TcpSocket.Reset(Client);
}

/// <summary>Entry to sessions: a client of the SOCKS proxy is here, and has not said anything yet.</summary>
/// <param name="Client">Its connection.</param>
/// <param name="Options">Of the entry; it has a name.</param>
internal sealed record NewSocksClient(Socket Client, SocksOptions Options) : ICarriesResource
{
    public IPEndPoint ClientEndPoint { get; } = TcpSocket.Unmapped(Client.RemoteEndPoint);

    public void Release() => TcpSocket.Reset(Client);
}

/// <summary>To sessions: these rules hold for clients that come from now on.</summary>
internal sealed record ApplyRules(RuleSet Rules);

/// <summary>
/// Entry to sessions: an FTP client whose login is the SSH login too (<c>userFromApplication</c>), or names the destination
/// (<c>user@host</c>). A <see cref="Login.FtpLoginActor"/> greets it.
/// </summary>
internal sealed record NewLoginSession(Socket Client, string Entry) : ICarriesResource
{
    /// <summary>What the rules have said about the destination, never <see cref="FilterAction.Block"/>; null: USER names it.</summary>
    public Decision? Decision { get; init; }

    /// <summary>What it counts as before its login; null: it is not known yet by which rule.</summary>
    public SessionPlace? Place => Decision?.Rule is { } rule
        ? new(new SessionOwner(rule.Name, IsRule: true), ClientEndPoint.Address, rule.Ftp.Restrictions)
        : null;

    /// <summary>Whom the client is to the SOCKS proxy; null: nobody.</summary>
    public string? SocksUser { get; init; }

    /// <inheritdoc cref="SessionTarget.Socks"/>
    public SocksOrigin? Socks { get; init; }

    /// <summary>What the client still has to be told: that it is accepted, before the greeting.</summary>
    public Reception Reception { get; init; } = Reception.Silent;

    public IPEndPoint ClientEndPoint { get; } = TcpSocket.Unmapped(Client.RemoteEndPoint);

    public void Release() => TcpSocket.Reset(Client);
}

/// <summary>Entry to sessions: a client is at the SSH server.</summary>
/// <param name="Channel">Its connection, not answered yet.</param>
/// <param name="Client">From where it has connected, as the SSH server tells.</param>
/// <param name="Transport">The SSH connection that it has come by.</param>
/// <param name="Forward">Where it goes.</param>
/// <param name="IsLoopback">It can only have come by the SSH server's loopback interface.</param>
internal sealed record NewRemoteSession(
    IOfferedChannel Channel, IPEndPoint Client, ISshTransport Transport, RemoteForwardOptions Forward, bool IsLoopback) : ICarriesResource
{
    /// <summary>The entry that the client came by, for audit.</summary>
    public required string Entry { get; init; }

    /// <summary>The SSH server that the client is at.</summary>
    public required TunnelProfile Profile { get; init; }

    public string Target => $"{Forward.Host}:{Forward.HostPort}";

    /// <summary>What it counts as before its login.</summary>
    public SessionPlace Place => new(new SessionOwner(Entry, IsRule: false), Client.Address, Forward.Ftp.Restrictions);

    public void Release() => Channel.Refuse(ChannelOpenFailure.ResourceShortage, "no more connections are taken");
}

/// <summary>To sessions, and from them to each: end when no transfer is in progress. Answered by <see cref="SessionsEnded"/>.</summary>
internal sealed record EndWhenIdle
{
    public static EndWhenIdle Instance { get; } = new();
}

/// <summary>To sessions, and from them to each: end now, in order. Answered by <see cref="SessionsEnded"/>.</summary>
internal sealed record EndNow(Failure Failure);

/// <summary>The last session is gone.</summary>
internal sealed record SessionsEnded
{
    public static SessionsEnded Instance { get; } = new();
}

/// <summary>A session as the directory shows it.</summary>
public sealed record SessionInfo(string Id, ForwardKind Kind, IPEndPoint Client, string Target)
{
    /// <summary>Whom the client has logged in to the FTP server as; null: nobody yet, or that is not seen.</summary>
    public string? FtpUser { get; init; }
}
