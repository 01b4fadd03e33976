using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>The client has connected to the SSH server; we connect to the target (<c>-R tcp/</c>) before the channel is confirmed.</summary>
internal sealed class RemotePlainChannelActor : PlainChannelActor
{
    private readonly NewRemoteSession _session;
    private bool _answered;

    public RemotePlainChannelActor(string id, NewRemoteSession session, EngineServices services)
        : base(id, session.Client, session.Target, services)
    {
        _session = session;

        Receive<Connected>(connected =>
        {
            _answered = true;
            Relay(connected.Socket, session.Channel.Accept(Window));
        });
    }

    protected override void PreStart()
    {
        base.PreStart();
        ConnectAsync(_session.Forward.Host, _session.Forward.HostPort, Stopped).PipeTo(Self);
    }

    protected override void GiveUp()
    {
        if (!_answered)
            _session.Channel.Refuse(ChannelOpenFailure.ConnectFailed, "the target does not take a connection");
    }

    private static async Task<object> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            return new Connected(await TcpDialer.ConnectAsync(host, port, AddressFamily.Unspecified, cancellationToken).ConfigureAwait(false));
        }
        catch (TunnelException failed)
        {
            return new TunnelFailed(failed.Failure, failed.Message);
        }
        catch (OperationCanceledException)
        {
            return new TunnelFailed(Failure.PeerClosed, "given up before the connection was made");
        }
    }

    private sealed record Connected(Socket Socket) : ICarriesResource
    {
        public void Release() => TcpSocket.Reset(Socket);
    }
}
