using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Entries;

/// <summary>The listeners of a proxy: each connection from a network that it serves becomes a client of it.</summary>
/// <param name="options">Where, and for whom.</param>
/// <param name="purpose">Whose connections they are, for logs.</param>
/// <param name="newClient">The message by which sessions hear of a client.</param>
/// <param name="sessions">Their parent.</param>
/// <param name="services">What every actor may need.</param>
internal sealed class ProxyEntryActor(
    ProxyEntryOptions options, string purpose, Func<Socket, object> newClient, IActorRef sessions, EngineServices services)
    : ListeningEntryActor(options.Listen, purpose, services)
{
    protected override void Take(Socket client)
    {
        var endPoint = TcpSocket.Unmapped(client.RemoteEndPoint);
        if (options.Admits(endPoint.Address))
        {
            sessions.Tell(newClient(client));
            return;
        }

        Logger.ClientNotAdmitted(endPoint, Purpose);
        Services.Audit(new AuditRecord
        {
            Event = AuditEvent.Refused,
            Entry = options.Name,
            Outcome = Failure.Policy,
            Reason = "no network that is served",
        }.From(endPoint));
        TcpSocket.Reset(client);
    }
}
