using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>
/// An SSH connection without SSH: a second implementation of the seam. The test plays the hosts behind the SSH server
/// (<see cref="Serve"/>, <see cref="ConnectAsync"/>) and ends the connection when it likes (<see cref="Lose"/>).
/// </summary>
internal sealed class MemoryTransport : ISshTransport
{
    private readonly ConcurrentDictionary<(string Host, int Port), Channel<FarEnd>> _targets = new();
    private readonly ConcurrentDictionary<int, MemoryListener> _listeners = new();
    private readonly ConcurrentDictionary<MemoryChannel, bool> _open = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly TaskCompletionSource<SshEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastPort = 40000;
    private MemoryListener? _lastListener;

    public Task<SshEnd> Closed => _closed.Task;

    public long LastReceived { get; set; }

    public PublicKey HostKey { get; } =
        PublicKey.ParseLine("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ");

    /// <summary>The server's AllowTcpForwarding for remote listeners.</summary>
    public bool RefusesListeners { get; set; }

    /// <summary>Accepting an offered channel throws what it never should.</summary>
    public bool AcceptFails { get; set; }

    /// <summary>The server refuses every channel that nobody serves for this reason.</summary>
    public ChannelOpenException Refusal { get; set; } =
        new(ChannelOpenFailure.ConnectFailed, "The peer refused to open a channel: Connection refused.", "Connection refused");

    /// <summary>What <see cref="OpenAsync"/> waits for; completed by default.</summary>
    public Task Opening { get; set; } = Task.CompletedTask;

    /// <summary>What <see cref="ListenAsync"/> waits for; completed by default.</summary>
    public Task Listening { get; set; } = Task.CompletedTask;

    /// <summary>What <see cref="PingAsync"/> waits for; completed by default.</summary>
    public Task Pong { get; set; } = Task.CompletedTask;

    public int Pings { get; private set; }

    /// <summary>How often the server was asked to listen.</summary>
    public int Listens { get; private set; }

    /// <summary>sshd's <c>GatewayPorts no</c>: whatever is asked for, loopback is bound.</summary>
    public bool BindsLoopbackOnly { get; set; }

    /// <summary>sshd with GatewayPorts clientspecified, asked for <c>::</c>: all IPv6 addresses and no other.</summary>
    public bool BindsIPv6Only { get; set; }

    /// <summary>Bytes sent and channels that ended, in order.</summary>
    public ConcurrentQueue<(MemoryChannel Channel, bool Ended)> Journal { get; } = new();

    public ICollection<MemoryChannel> OpenChannels => _open.Keys;

    int ISshTransport.ChannelCount => _open.Count;

    public ICollection<int> Listeners => _listeners.Keys;

    /// <summary>Uses of the seam that its contract forbids.</summary>
    public IEnumerable<string> Violations => _violations;

    /// <summary>Something listens there from now on; connections are to be read from the result.</summary>
    public ChannelReader<FarEnd> Serve(string host, int port) =>
        _targets.GetOrAdd((host, port), _ => Channel.CreateUnbounded<FarEnd>()).Reader;

    /// <summary>Somebody connects to a remote listener, through the SSH server. Null when the engine refuses.</summary>
    public Task<FarEnd?> ConnectAsync(int port, string originator = "127.0.0.1", int originatorPort = 50000)
    {
        var offered = new OfferedMemoryChannel(this, port, originator, originatorPort);
        if (_listeners.TryGetValue(port, out var listener))
            listener.Accepted(offered);
        else
            offered.Refuse(ChannelOpenFailure.ConnectFailed, "nothing listens there");
        return offered.Answer;
    }

    /// <summary>The same for a connection that was on its way when the last listener was cancelled.</summary>
    public Task<FarEnd?> ConnectLateAsync()
    {
        var offered = new OfferedMemoryChannel(this, _lastListener!.Port, "127.0.0.1", 50000);
        _lastListener.Accepted(offered);
        return offered.Answer;
    }

    /// <summary>The wire is cut.</summary>
    public void Lose() => Abort(SshFailure.ConnectionLost, "Connection reset by peer.");

    public async ValueTask<ITunnelChannel> OpenAsync(
        string host, int port, IPEndPoint originator, ChannelWindow window, CancellationToken cancellationToken)
    {
        await Opening.WaitAsync(cancellationToken);
        ThrowIfClosed();
        if (_listeners.ContainsKey(port) && !(BindsLoopbackOnly && host != "127.0.0.1") && !(BindsIPv6Only && host.Contains('.')))
        {
            _ = ConnectAsync(port, host);
            return Open(window);
        }

        if (!_targets.TryGetValue((host, port), out var target))
            throw Refusal;
        var channel = Open(window);
        target.Writer.TryWrite(channel.Far);
        return channel;
    }

    public async ValueTask<IRemoteListener> ListenAsync(
        string bindAddress, int port, Action<IOfferedChannel> accepted, CancellationToken cancellationToken)
    {
        await Listening.WaitAsync(cancellationToken);
        ThrowIfClosed();
        Listens++;
        if (RefusesListeners)
            throw new SshException(SshFailure.ForwardingRefused, "The SSH server refuses to listen");
        var listener = new MemoryListener(bindAddress, port == 0 ? Interlocked.Increment(ref _lastPort) : port, accepted, _listeners);
        _lastListener = listener;
        _listeners[listener.Port] = listener;
        return listener;
    }

    public ValueTask PingAsync(CancellationToken cancellationToken)
    {
        Pings++;
        return new ValueTask(Pong.WaitAsync(cancellationToken));
    }

    public void Abort(SshFailure failure, string message)
    {
        if (!_closed.TrySetResult(new SshEnd(failure, message)))
            return;
        foreach (var channel in OpenChannels)
            channel.End(ChannelEnd.ConnectionLost);
        _listeners.Clear();
    }

    public ValueTask DisposeAsync()
    {
        Abort(SshFailure.ClosedLocally, "closed");
        return ValueTask.CompletedTask;
    }

    internal MemoryChannel Open(ChannelWindow window)
    {
        var channel = new MemoryChannel(this, window);
        _open[channel] = true;
        return channel;
    }

    internal void Gone(MemoryChannel channel)
    {
        Journal.Enqueue((channel, true));
        _open.TryRemove(channel, out _);
    }

    internal void Violation(string what) => _violations.Enqueue(what);

    private void ThrowIfClosed()
    {
        if (Closed.IsCompleted)
            throw new SshException(SshFailure.ConnectionLost, "The SSH connection was lost.");
    }

    private sealed class MemoryListener(
        string bindAddress, int port, Action<IOfferedChannel> accepted, ConcurrentDictionary<int, MemoryListener> listeners)
        : IRemoteListener
    {
        public string BindAddress => bindAddress;

        public int Port => port;

        public Action<IOfferedChannel> Accepted => accepted;

        public ValueTask DisposeAsync()
        {
            listeners.TryRemove(port, out _);
            return ValueTask.CompletedTask;
        }
    }
}
