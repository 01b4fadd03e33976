using System.Net;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;

namespace ActorTunnel.Ssh.Channels;

/// <summary>The client's connection after it has logged in.</summary>
internal sealed class ClientConnection : ISshTransport, IConnectionRole
{
    private readonly Multiplexer _multiplexer;
    private readonly RemoteListeners _listeners;

    public ClientConnection(Multiplexer multiplexer, PublicKey hostKey)
    {
        _multiplexer = multiplexer;
        _listeners = new(multiplexer.Requests, multiplexer.Output);
        HostKey = hostKey;
        multiplexer.Start(this);
    }

    public Task<SshEnd> Closed => _multiplexer.Closed;

    public long LastReceived => _multiplexer.LastReceived;

    public int ChannelCount => _multiplexer.ChannelCount;

    public PublicKey HostKey { get; }

    public string AcceptedChannelType => ChannelOpenMessage.ForwardedTcpip;

    public ValueTask<ITunnelChannel> OpenAsync(
        string host, int port, IPEndPoint originator, ChannelWindow window, CancellationToken cancellationToken) =>
        _multiplexer.OpenAsync(
            ChannelOpenMessage.DirectTcpip,
            new(host, port, originator.Address.ToString(), originator.Port),
            window,
            cancellationToken);

    public ValueTask<IRemoteListener> ListenAsync(
        string bindAddress, int port, Action<IOfferedChannel> accepted, CancellationToken cancellationToken) =>
        _listeners.ListenAsync(bindAddress, port, accepted, cancellationToken);

    public async ValueTask PingAsync(CancellationToken cancellationToken)
    {
        var reply = new AnyReply();
        _multiplexer.Requests.Send(new KeepAliveMessage(), reply);
        await reply.Answered.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Abort(SshFailure failure, string message) => _multiplexer.Abort(failure, message);

    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();

    Action<IOfferedChannel>? IConnectionRole.FindReceiver(TcpipFields fields) => _listeners.Find(fields.Host, fields.Port);

    /// <summary>Nothing is served to servers; hostkeys-00@openssh.com among others passes without an answer.</summary>
    void IConnectionRole.OnGlobalRequest(GlobalRequestMessage request)
    {
        if (request.WantReply)
            _multiplexer.Output.Post(new EmptyMessage(MessageNumber.RequestFailure));
    }
}
