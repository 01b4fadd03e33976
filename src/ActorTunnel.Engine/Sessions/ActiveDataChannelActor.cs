using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// PORT or EPRT: the FTP server connects to a listener on the SSH server's loopback; for the one connection that comes, we connect to
/// the client.
/// </summary>
internal sealed class ActiveDataChannelActor : DataChannelActor
{
    private readonly IPEndPoint _client;
    private readonly IPAddress _bind;
    private readonly CancellationTokenSource _closed = new();
    private IRemoteListener? _listener;
    private IOfferedChannel? _offered;
    private bool _answered;

    /// <param name="context">The session.</param>
    /// <param name="client">Where the client listens: checked to be the client of the control connection.</param>
    /// <param name="bind">A loopback address of the SSH server.</param>
    public ActiveDataChannelActor(DataChannelContext context, IPEndPoint client, IPAddress bind)
        : base(context)
    {
        _client = client;
        _bind = bind;

        Receive<Listening>(listening =>
        {
            _listener = listening.Listener;
            if (IsBroken)
                CloseListener();
            else
                Context.Parent.Tell(new DataReady(new IPEndPoint(_bind, _listener.Port)));
        });
        Receive<Offered>(offered => Connect(offered.Channel));
        Receive<Connected>(connected => Relay(connected.Socket));
        Receive<Failed>(failed => Break(failed.Failure, failed.Reason));
    }

    protected override void PreStart()
    {
        var self = Self;
        ListenAsync(channel => self.Tell(new Offered(channel))).PipeTo(Self);
    }

    protected override void PostStop()
    {
        base.PostStop();
        RefuseServer();
    }

    protected override void RefuseServer()
    {
        if (_offered is null || _answered)
            return;
        _answered = true;
        _offered.Refuse(ChannelOpenFailure.ConnectFailed, "the FTP client does not take the data connection");
    }

    protected override void CloseListener()
    {
        _closed.Cancel();
        _listener?.DisposeAsync().AsTask().PipeTo(ActorRefs.Nobody);
        _listener = null;
    }

    private async Task<object> ListenAsync(Action<IOfferedChannel> offered)
    {
        try
        {
            return new Listening(await Session.Transport
                .ListenAsync(_bind.ToString(), 0, offered, _closed.Token).ConfigureAwait(false));
        }
        catch (SshException refused)
        {
            return new Failed(refused.Failure.ToFailure(), refused.Message);
        }
        catch (OperationCanceledException)
        {
            return new Failed(Failure.PeerClosed, "the data channel was given up before it was open");
        }
    }

    private void Connect(IOfferedChannel channel)
    {
        if (_offered is not null)
        {
            channel.Refuse(ChannelOpenFailure.AdministrativelyProhibited, "one data connection only");
            Break(Failure.Policy, $"a second data connection came, from {channel.OriginatorAddress}");
            return;
        }

        _offered = channel;
        if (!IsBroken)
            ConnectAsync().PipeTo(Self);
        else if (!IsUpload)
            RefuseServer();
        // Otherwise the server waits until it has answered ABOR: a refusal would be the end of an empty file.
    }

    /// <summary>From the address that the client knows as the server's: clients check that.</summary>
    private async Task<object> ConnectAsync()
    {
        var socket = new Socket(_client.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(Session.Local.Address, 0));
            await socket.ConnectAsync(_client, _closed.Token).ConfigureAwait(false);
            TcpSocket.Prepare(socket);
            return new Connected(socket);
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return new Failed(Failure.ConnectionRefused, $"the client does not take a connection on {_client}: {failed.Message}");
        }
    }

    private void Relay(Socket socket)
    {
        if (IsBroken)
        {
            TcpSocket.Reset(socket);
            return;
        }

        ClientConnected(socket);
        _answered = true;
        ChannelOpened(_offered!.Accept(DataChannelContext.Window));
    }

    private sealed record Listening(IRemoteListener Listener) : ICarriesResource
    {
        public void Release() => _ = Listener.DisposeAsync().AsTask();
    }

    private sealed record Offered(IOfferedChannel Channel) : ICarriesResource
    {
        public void Release() => Channel.Refuse(ChannelOpenFailure.AdministrativelyProhibited, "no data connection is awaited");
    }

    private sealed record Connected(Socket Socket) : ICarriesResource
    {
        public void Release() => TcpSocket.Reset(Socket);
    }

    private sealed record Failed(Failure Failure, string Reason);
}
