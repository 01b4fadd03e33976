using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>Asks for a connection of this profile. Answered by <see cref="TunnelReady"/> or <see cref="TunnelFailed"/>.</summary>
internal sealed record GetTunnel(TunnelProfile Profile);

/// <summary>A live SSH connection to open channels on. It may be lost at any time; its channels say so.</summary>
/// <param name="Transport">The connection.</param>
/// <param name="Peer">The server's address; null when a jump host or a proxy has chosen it.</param>
internal sealed record TunnelReady(ISshTransport Transport, IPEndPoint? Peer = null);

/// <summary>There is no SSH connection, and why: one line for a person.</summary>
/// <param name="Failure">The cause.</param>
/// <param name="Message">The line.</param>
/// <param name="Hop">The jump host or proxy that it happened at; null: the server itself, or on this machine.</param>
internal sealed record TunnelFailed(Failure Failure, string Message, string? Hop = null);

/// <summary>An SSH connection that was ready is over. From <see cref="SshConnectionActor"/> to its pool.</summary>
internal sealed record TunnelLost(SshEnd End);
