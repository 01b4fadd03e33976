using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// One connection of a <c>tcp/</c> forward: bytes both ways, half-close kept, a broken end is a reset at the other. How the two ends are
/// made is the matter of the derived classes.
/// </summary>
internal abstract class PlainChannelActor : ReceiveActor
{
    private readonly IPEndPoint _client;
    private readonly string _target;
    private readonly CancellationTokenSource _stopped = new();
    private ITunnelChannel? _channel;
    private RelayPump? _pump;
    private Failure _failure = Failure.Internal;
    private bool _socketDone;
    private bool _channelDone;

    protected PlainChannelActor(string id, IPEndPoint client, string target, SessionAudit audit, EngineServices services)
    {
        Id = id;
        _client = client;
        _target = target;
        Audit = audit;
        Logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");

        Receive<TunnelFailed>(failed =>
        {
            if (!FallBack(failed))
                End(failed.Failure, failed.Message);
        });
        Receive<RelayEvent.ChannelEof>(_ => { }); // What matters is that it has been delivered.
        Receive<RelayEvent.SocketEof>(_ =>
        {
            _pump!.FinishChannel();
            _socketDone = true;
            EndIfDone();
        });
        Receive<RelayEvent.Delivered>(_ =>
        {
            _pump!.FinishSocket();
            _channelDone = true;
            EndIfDone();
        });
        Receive<RelayEvent.SocketLost>(_ => End(Failure.PeerReset, "the connection on this side was lost"));
        Receive<RelayEvent.ChannelEnded>(ended =>
        {
            if (ended.End != ChannelEnd.Finished)
            {
                End(ended.End == ChannelEnd.ConnectionLost ? Failure.ConnectionLost : Failure.PeerReset, "the channel was lost");
                return;
            }

            _socketDone = true; // The other side has closed for good: nothing that may still be said can go anywhere.
            EndIfDone();
        });
        Receive<EndWhenIdle>(_ => { }); // There is no idle moment to see in plain bytes: it has until the grace is over.
        Receive<EndNow>(end => End(end.Failure, "stopped"));
    }

    protected static ChannelWindow Window { get; } = new(256 * 1024, 2 * 1024 * 1024);

    protected string Id { get; }

    protected ILogger Logger { get; }

    protected SessionAudit Audit { get; }

    /// <summary>The actor has stopped.</summary>
    protected CancellationToken Stopped => _stopped.Token;

    protected override void PreStart() => Logger.SessionStarted(Id, _client, _target);

    protected override void PostStop()
    {
        _stopped.Cancel();
        if (_socketDone && _channelDone)
            _pump!.Dispose();
        else if (_pump is not null)
            _pump.Reset();
        else
            GiveUp(_failure);
        _channel?.Abort();
        Audit.Stopped();
    }

    /// <summary>Whether it goes on without SSH.</summary>
    protected virtual bool FallBack(TunnelFailed failed) => false;

    /// <summary>Ends what is there of a connection that was never made.</summary>
    protected abstract void GiveUp(Failure failure);

    /// <summary>Both ends are here.</summary>
    protected void Relay(Socket socket, ITunnelChannel channel)
    {
        _channel = channel;
        _pump = new RelayPump(socket, channel, Self);
        _pump.Start();
    }

    private void EndIfDone()
    {
        if (_socketDone && _channelDone)
            End(Failure.None, "finished");
    }

    private void End(Failure failure, string reason)
    {
        _failure = failure;
        Logger.SessionEnded(Id, failure, reason, Audit.Who);
        Audit.Ended(failure, reason, _pump?.BytesToSocket, _pump?.BytesToChannel);
        Context.Stop(Self);
    }
}
