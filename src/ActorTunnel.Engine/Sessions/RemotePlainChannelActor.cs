using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// The client has connected to the SSH server; we connect to the target (<c>-R tcp/</c>) before the channel is confirmed.
/// </summary>
internal sealed class RemotePlainChannelActor : PlainChannelActor
{
    private readonly NewRemoteSession _session;
    private readonly TimeProvider _time;
    private bool _answered;

    public RemotePlainChannelActor(string id, NewRemoteSession session, SessionAudit audit, EngineServices services)
        : base(id, session.Client, session.Target, audit, services)
    {
        _session = session;
        _time = services.Time;

        Receive<TargetDialing.Connected>(connected =>
        {
            _answered = true;
            Relay(connected.Socket, session.Channel.Accept(Window));
        });
    }

    protected override void PreStart()
    {
        base.PreStart();
        var target = new TcpTarget(_session.Forward.Host, _session.Forward.HostPort, "a server");
        TargetDialing.ConnectAsync(target, _time, Stopped).PipeTo(Self);
    }

    protected override void GiveUp(Failure failure)
    {
        if (!_answered)
            _session.Channel.Refuse(ChannelOpenFailure.ConnectFailed, "the target does not take a connection");
    }
}
