using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>Says why a connection without SSH to these addresses of this host is not made; null: nothing speaks against it.</summary>
internal delegate string? DirectCheck(string host, int port, IReadOnlyList<IPAddress> addresses);

/// <summary>
/// No SSH: a session whose rule says <c>direct</c>, or whose SSH server is away, connects from this machine, and notices no difference.
/// One for each session.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="check">What is asked before a connection is made; null: nothing.</param>
/// <param name="resolved">The host of the control connection, if the rules were asked with its addresses; null: they were not.</param>
internal sealed class DirectTransport(TimeProvider time, DirectCheck? check, DirectTransport.KnownHost? resolved = null) : ISshTransport
{
    /// <summary>Half of what Linux would try for: clients do not wait longer.</summary>
    private static readonly TimeSpan _connectPatience = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource<SshEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<SocketChannel, bool> _channels = new();
    private KnownHost? _known = resolved;

    public Task<SshEnd> Closed => _closed.Task;

    public long LastReceived => time.GetTimestamp();

    public int ChannelCount => _channels.Count;

    /// <summary>There is none, and nothing that could be taken for one.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public PublicKey HostKey => throw new NotSupportedException("Without SSH there is no host key.");

    /// <exception cref="TunnelException">There is no connection; the reason is this machine's own.</exception>
    public async ValueTask<ITunnelChannel> OpenAsync(
        string host, int port, IPEndPoint originator, ChannelWindow window, CancellationToken cancellationToken)
    {
        var socket = await ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
        var channel = new SocketChannel(socket, window, time);
        _channels.TryAdd(channel, true);
        _ = ForgetAsync(channel);
        if (!_closed.Task.IsCompleted)
            return channel;
        channel.Abort();
        throw Over();
    }

    /// <exception cref="SshException">Always: nobody listens for us.</exception>
    public ValueTask<IRemoteListener> ListenAsync(
        string bindAddress, int port, Action<IOfferedChannel> accepted, CancellationToken cancellationToken) =>
        throw new SshException(
            SshFailure.ForwardingRefused, "without SSH nobody listens for the FTP server: DataMode=auto uses its passive mode.");

    public ValueTask PingAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Abort(SshFailure failure, string message)
    {
        if (!_closed.TrySetResult(new SshEnd(failure, message)))
            return;
        foreach (var channel in _channels.Keys)
            channel.Abort();
    }

    public ValueTask DisposeAsync()
    {
        Abort(SshFailure.ClosedLocally, "closed");
        return ValueTask.CompletedTask;
    }

    private static SshException Over() => new(SshFailure.ClosedLocally, "The session is over.");

    /// <summary>Behind a name there may be several machines: data goes to the one that the control connection has found.</summary>
    private async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (_closed.Task.IsCompleted)
            throw Over();
        var known = Volatile.Read(ref _known);
        var target = new TcpTarget(host, port, "a server")
        {
            Peers = known?.Name == host ? [.. known.Addresses.Select(address => new IPEndPoint(address, port))] : null,
            Check = check is null ? null : addresses => check(host, port, addresses),
        };
        using var timer = new CancellationTokenSource(_connectPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var socket = await TcpDialer.ConnectAsync(target, time, either.Token).ConfigureAwait(false);
            if (known is not { Addresses.Count: 1 } && KnownHost.Of(host, socket) is { } found)
                Interlocked.CompareExchange(ref _known, found, known);
            return socket;
        }
        catch (OperationCanceledException stopped) when (timer.IsCancellationRequested)
        {
            throw new TunnelException(
                Failure.Timeout,
                $"{host} port {port} did not answer in time{DialGivenUpException.TriedUntil(stopped)}: check address and firewall.",
                stopped);
        }
    }

    private async Task ForgetAsync(SocketChannel channel)
    {
        await channel.Ended.ConfigureAwait(false);
        _channels.TryRemove(channel, out _);
    }

    /// <summary>A host and the only addresses that it is connected to by.</summary>
    internal sealed record KnownHost(string Name, IReadOnlyList<IPAddress> Addresses)
    {
        /// <summary>Null for a connection that is gone already: it has no address any more.</summary>
        public static KnownHost? Of(string name, Socket socket)
        {
            try
            {
                return new(name, [TcpSocket.Unmapped(socket.RemoteEndPoint).Address]);
            }
            catch (SocketException)
            {
                return null;
            }
        }
    }
}
