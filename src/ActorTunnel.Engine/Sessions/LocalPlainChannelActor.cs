using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Sessions;

/// <summary>The client has connected to this machine; the SSH server connects to the target (<c>-L tcp/</c>).</summary>
internal sealed class LocalPlainChannelActor : PlainChannelActor
{
    private readonly Socket _client;
    private readonly NewSession _session;
    private readonly IActorRef _tunnels;

    public LocalPlainChannelActor(string id, NewSession session, IActorRef tunnels, SessionAudit audit, EngineServices services)
        : base(id, session.ClientEndPoint, session.Target.ToString(), audit, services)
    {
        _client = session.Client;
        _session = session;
        _tunnels = tunnels;

        Receive<TunnelReady>(ready =>
        {
            audit.Through(ready.Transport);
            ChannelOpening
                .OpenAsync(ready.Transport, session.Target.Host, session.Target.Port, session.ClientEndPoint, Window, Stopped)
                .PipeTo(Self);
        });
        Receive<ChannelOpening.Opened>(opened => Relay(_client, opened.Channel));
    }

    protected override void PreStart()
    {
        base.PreStart();
        _tunnels.Tell(new GetTunnel(_session.Target.Profile!, Self));
    }

    protected override void GiveUp() => TcpSocket.Reset(_client);
}
