using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Channels;

/// <summary>The listeners that the server keeps for this client (RFC 4254, section 7.1), and who takes their connections.</summary>
internal sealed class RemoteListeners(GlobalRequests requests, SendQueue output, TimeProvider time)
{
    /// <summary>How long a server may take to answer a cancellation; whoever closes a listener does not wait for ever.</summary>
    private static readonly TimeSpan _cancelTimeout = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new(); // guards _receivers
    private readonly Dictionary<ForwardFields, Action<IOfferedChannel>> _receivers = [];

    public async ValueTask<IRemoteListener> ListenAsync(
        string bindAddress, int port, Action<IOfferedChannel> accepted, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        var pending = new PendingListen(this, new(bindAddress, port), accepted);
        requests.Send(new ForwardRequestMessage(GlobalRequestMessage.TcpipForward, WantReply: true, pending.Asked), pending);
        try
        {
            return await pending.Listening.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            pending.Abandon();
            throw;
        }
    }

    /// <summary>
    /// Who takes a connection to this address and port. Servers differ in which address they name (the one asked for, the one
    /// bound, the one connected to), so that the port alone decides when it is not ambiguous.
    /// </summary>
    public Action<IOfferedChannel>? Find(string address, int port)
    {
        lock (_gate)
        {
            if (_receivers.TryGetValue(new(address, port), out var exact))
                return exact;
            var samePort = _receivers.Where(entry => entry.Key.Port == port).Take(2).ToArray();
            return samePort.Length == 1 ? samePort[0].Value : null;
        }
    }

    private void Add(ForwardFields bound, Action<IOfferedChannel> accepted)
    {
        lock (_gate)
            _receivers[bound] = accepted;
    }

    private bool Remove(ForwardFields bound)
    {
        lock (_gate)
            return _receivers.Remove(bound);
    }

    private void Cancel(ForwardFields bound)
    {
        if (Remove(bound))
            output.Post(new ForwardRequestMessage(GlobalRequestMessage.CancelTcpipForward, WantReply: false, bound));
    }

    /// <summary>
    /// Until the server has answered, a connection may still be on its way. It goes to its receiver: refused here, it would end in
    /// order at the server, and an FTP server would take that for a file of no bytes.
    /// </summary>
    private async ValueTask CancelAsync(ForwardFields bound)
    {
        var reply = new AnyReply(() => Remove(bound));
        try
        {
            requests.Send(new ForwardRequestMessage(GlobalRequestMessage.CancelTcpipForward, WantReply: true, bound), reply);
            await reply.Answered.WaitAsync(_cancelTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Remove(bound); // nobody is there any more who would take a connection
        }
        catch (SshException)
        {
            // The connection is over, and every listener with it.
        }
    }

    private sealed class PendingListen(RemoteListeners listeners, ForwardFields asked, Action<IOfferedChannel> accepted) : PendingRequest
    {
        private readonly Lock _gate = new(); // guards _isAbandoned against the reply
        private bool _isAbandoned;

        public ForwardFields Asked { get; } = asked;

        public TaskCompletionSource<IRemoteListener> Listening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // The listener is registered here and not by whoever waits: the first connection may follow the reply at once.
        public override void OnReply(bool isSuccess, ReadOnlySpan<byte> packet)
        {
            if (!isSuccess)
            {
                Listening.TrySetException(new SshException(
                    SshFailure.ForwardingRefused,
                    $"The SSH server refused to listen on '{Asked.Address}' port {Asked.Port}: "
                    + (Asked.Port == 0 ? "" : "the port is in use or below 1024, or ")
                    + "its AllowTcpForwarding or PermitListen forbids it."));
                return;
            }

            var bound = Asked.Port == 0 ? Asked with { Port = RequestSuccessMessage.ParseBoundPort(packet) } : Asked;
            listeners.Add(bound, accepted);
            bool isAbandoned;
            lock (_gate)
            {
                isAbandoned = _isAbandoned;
                Listening.TrySetResult(new RemoteListener(listeners, bound));
            }

            if (isAbandoned)
                listeners.Cancel(bound);
        }

        public override void Fail(SshException cause) => Listening.TrySetException(cause);

        public void Abandon()
        {
            lock (_gate)
            {
                _isAbandoned = true;
                if (!Listening.Task.IsCompletedSuccessfully)
                    return;
            }

            var listener = Listening.Task.Result;
            listeners.Cancel(new(listener.BindAddress, listener.Port));
        }
    }

    private sealed class RemoteListener(RemoteListeners listeners, ForwardFields bound) : IRemoteListener
    {
        private int _isDisposed;

        public string BindAddress => bound.Address;

        public int Port => bound.Port;

        public ValueTask DisposeAsync() =>
            Interlocked.Exchange(ref _isDisposed, 1) == 0 ? listeners.CancelAsync(bound) : ValueTask.CompletedTask;
    }
}
