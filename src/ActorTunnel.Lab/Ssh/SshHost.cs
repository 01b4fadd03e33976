using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Engine.Net;
using ActorTunnel.Ssh;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Lab.Ssh;

/// <summary>
/// An SSH server in this process: it forwards TCP connections for the users it is given, and nothing else. For demo, tests and
/// benchmarks.
/// </summary>
public sealed class SshHost : IAsyncDisposable
{
    private const int Backlog = 128;

    private readonly SshHostOptions _options;
    private readonly ILogger _logger;
    private readonly TcpAcceptor _acceptor;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentDictionary<SshServerConnection, RemoteForwards> _connections = [];
    private readonly Task _accepting;

    private SshHost(SshHostOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _acceptor = TcpAcceptor.Listen(options.EndPoint, Backlog);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _acceptor.EndPoint;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="Engine.Diagnostics.TunnelException">The address cannot be bound.</exception>
    public static SshHost Start(SshHostOptions options, ILogger logger) => new(options, logger);

    /// <summary>Closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _acceptor.Dispose();
        await _accepting;
        foreach (var connection in _connections.Keys)
            await connection.DisposeAsync();
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _acceptor.AcceptAsync(_stopped.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            if (!_stopped.IsCancellationRequested)
                _logger.NoMoreClients(ended.Message);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var options = new SshServerOptions
        {
            HostKeys = [_options.HostKey],
            RekeyBytes = _options.RekeyBytes,
            CheckPassword = (user, password, _) => ValueTask.FromResult(
                _options.Passwords.TryGetValue(user, out var expected)
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), password.Span)),
            CheckPublicKey = (user, key, _) => ValueTask.FromResult(
                _options.Keys.TryGetValue(user, out var expected) && expected.Blob.Span.SequenceEqual(key.Blob.Span)),
            DirectTcpip = channel => _ = DirectForward.ServeAsync(channel, _stopped.Token),
            Listen = (connection, address, port) => ForwardsOf(connection).ListenAsync(address, port),
            CancelListen = (connection, address, port) => ForwardsOf(connection).CancelAsync(address, port),
        };
        try
        {
            var connection = await SshServer.AcceptAsync(
                new SshSocketStream(socket), options, _logger, TimeProvider.System, _stopped.Token);
            var forwards = ForwardsOf(connection);
            await connection.Closed;
            _connections.TryRemove(connection, out _);
            forwards.Dispose();
        }
        catch (Exception failed) when (failed is SshException or OperationCanceledException)
        {
            _logger.ClientNotServed(failed.Message);
        }
    }

    private RemoteForwards ForwardsOf(SshServerConnection connection) =>
        _connections.GetOrAdd(connection, static connection => new RemoteForwards(connection));
}
