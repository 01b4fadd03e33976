using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions;

/// <summary>One connection of a <c>tcp/</c> forward: bytes both ways, half-close kept, a broken end is a reset at the other.</summary>
internal sealed class PlainChannelActor : ReceiveActor
{
    private static readonly ChannelWindow _window = new(256 * 1024, 2 * 1024 * 1024);

    private readonly string _id;
    private readonly Socket _client;
    private readonly ForwardOptions _forward;
    private readonly TunnelProfile _profile;
    private readonly IActorRef _tunnels;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private ITunnelChannel? _channel;
    private RelayPump? _pump;
    private bool _socketDone;
    private bool _channelDone;

    public PlainChannelActor(string id, NewSession session, IActorRef tunnels, EngineServices services)
    {
        _id = id;
        _client = session.Client;
        _forward = session.Forward;
        _profile = session.Profile;
        _tunnels = tunnels;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");

        Receive<TunnelReady>(ready => ChannelOpening.OpenAsync(ready.Transport, _forward, _client, _window, _stopped.Token).PipeTo(Self));
        Receive<TunnelFailed>(failed => End(failed.Failure, failed.Message));
        Receive<ChannelOpening.Opened>(opened =>
        {
            _channel = opened.Channel;
            _pump = new RelayPump(_client, _channel, Self);
            _pump.Start();
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
        Receive<RelayEvent.SocketLost>(_ => End(Failure.PeerReset, "the client's connection was lost"));
        Receive<RelayEvent.ChannelEnded>(ended =>
        {
            if (ended.End != ChannelEnd.Finished)
            {
                End(ended.End == ChannelEnd.ConnectionLost ? Failure.ConnectionLost : Failure.PeerReset, "the channel was lost");
                return;
            }

            _socketDone = true; // The server has closed for good: nothing that the client may still say can go anywhere.
            EndIfDone();
        });
        Receive<EndWhenIdle>(_ => { }); // There is no idle moment to see in plain bytes: it has until the grace is over.
        Receive<EndNow>(end => End(end.Failure, "stopped"));
    }

    protected override void PreStart()
    {
        _logger.SessionStarted(_id, TcpSocket.Unmapped(_client.RemoteEndPoint), $"{_forward.Host}:{_forward.HostPort}");
        _tunnels.Tell(new GetTunnel(_profile, Self));
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        if (_socketDone && _channelDone)
            _pump!.Dispose();
        else if (_pump is not null)
            _pump.Reset();
        else
            TcpSocket.Reset(_client);
        _channel?.Abort();
    }

    private void EndIfDone()
    {
        if (_socketDone && _channelDone)
            End(Failure.None, "finished");
    }

    private void End(Failure failure, string reason)
    {
        _logger.SessionEnded(_id, failure, reason);
        Context.Stop(Self);
    }
}
