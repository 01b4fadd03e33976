using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>Makes an SSH connection: <see cref="TunnelReady"/> or <see cref="TunnelFailed"/>. <see cref="SshDialer"/> does, tests do otherwise.</summary>
internal delegate Task<object> Dial(TunnelProfile profile, DialContext context, CancellationToken cancellationToken);

/// <summary>What a dialler needs besides the profile.</summary>
/// <param name="Services">Logs and clock.</param>
/// <param name="Tunnels">Asked by <see cref="GetTunnel"/> for the connection to the jump host, which is shared.</param>
/// <param name="Peer">Dial this address of the server and no other; null: whichever answers first.</param>
internal sealed record DialContext(EngineServices Services, IActorRef Tunnels, IPEndPoint? Peer = null);
