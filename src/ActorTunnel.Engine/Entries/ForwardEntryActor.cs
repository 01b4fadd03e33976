using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Sessions;

namespace ActorTunnel.Engine.Entries;

/// <summary>The listeners of one forward: each connection becomes a session.</summary>
internal sealed class ForwardEntryActor(
    string name, ForwardOptions forward, TunnelProfile profile, IActorRef sessions, EngineServices services)
    : ListeningEntryActor(
        [.. forward.ListenAddresses.Select(address => new IPEndPoint(address, forward.ListenPort))],
        $"{forward.Host}:{forward.HostPort}",
        services)
{
    protected override void Take(Socket client) =>
        sessions.Tell(new NewSession(client, SessionTarget.Of(name, forward, profile)));
}
