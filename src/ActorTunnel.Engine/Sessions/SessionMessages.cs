using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Entry to sessions: a client is here.</summary>
internal sealed record NewSession(Socket Client, ForwardOptions Forward, TunnelProfile Profile) : ICarriesResource
{
    public void Release() => TcpSocket.Reset(Client);
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
public sealed record SessionInfo(string Id, ForwardKind Kind, IPEndPoint Client, string Target);
