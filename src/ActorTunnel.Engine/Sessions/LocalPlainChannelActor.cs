using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>The client has connected to this machine; the SSH server connects to the target (<c>-L tcp/</c>).</summary>
internal sealed class LocalPlainChannelActor : PlainChannelActor
{
    private readonly Socket _client;
    private readonly NewSession _session;
    private readonly IActorRef _tunnels;
    private readonly TimeProvider _time;

    public LocalPlainChannelActor(string id, NewSession session, IActorRef tunnels, SessionAudit audit, EngineServices services)
        : base(id, session.ClientEndPoint, session.Target.ToString(), audit, services)
    {
        _client = session.Client;
        _session = session;
        _tunnels = tunnels;
        _time = services.Time;

        Receive<TunnelReady>(ready =>
        {
            audit.Through(ready.Transport);
            OpenChannel(ready.Transport);
        });
        Receive<ChannelOpening.Opened>(opened =>
        {
            TcpSocket.TrySay(_client, session.Reception.Accepted); // If it is gone, the relay will find out.
            Relay(_client, opened.Channel);
        });
    }

    private SessionTarget Target => _session.Target;

    protected override void PreStart()
    {
        base.PreStart();
        if (Target.Profile is { } profile)
            _tunnels.Tell(new GetTunnel(profile, Self));
        else
            OpenChannel(Target.WithoutSsh(_time));
    }

    protected override bool FallBack(TunnelFailed failed)
    {
        if (!Target.FallsBackAfter(failed))
            return false;
        Logger.FallsBackToPlain(Id, Target.ToString(), failed.Message, Audit.Who);
        Audit.FallsBack(failed.Failure, failed.Message);
        OpenChannel(Target.WithoutSsh(_time)); // Its failures are channels', not connections': they come here no second time.
        return true;
    }

    protected override void GiveUp(Failure failure)
    {
        var refusal = _session.Reception.Refused(failure);
        if (!refusal.IsEmpty && TcpSocket.TrySay(_client, refusal))
            _client.Dispose();
        else
            TcpSocket.Reset(_client);
    }

    private void OpenChannel(ISshTransport transport) => ChannelOpening
        .OpenAsync(transport, Target.Host, Target.Port, _session.ClientEndPoint, Window, _time, Stopped)
        .PipeTo(Self);
}
