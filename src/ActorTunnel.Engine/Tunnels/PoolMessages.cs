using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>Asks for a connection of this profile. Answered by <see cref="TunnelReady"/> or <see cref="TunnelFailed"/>.</summary>
internal sealed record GetTunnel(TunnelProfile Profile);

/// <summary>A live SSH connection to open channels on. It may be lost at any time; its channels say so.</summary>
internal sealed record TunnelReady(ISshTransport Transport);

/// <summary>There is no SSH connection, and why: one line for a person.</summary>
internal sealed record TunnelFailed(Failure Failure, string Message);

/// <summary>An SSH connection that was ready is over. From <see cref="SshConnectionActor"/> to its pool.</summary>
internal sealed record TunnelLost(SshEnd End);
