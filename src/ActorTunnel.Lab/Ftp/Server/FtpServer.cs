using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Lab.Ftp.Server;

/// <summary>An FTP server in this process, for the demo, load tests and tests: real sockets, no thread per session.</summary>
internal sealed class FtpServer : IFtpServerEvents, IAsyncDisposable
{
    private const int Backlog = 512;

    // Out of file handles: accepting again at once would only fail again.
    private static readonly TimeSpan _acceptBackoff = TimeSpan.FromMilliseconds(100);

    private readonly FtpServerOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _listeners = [];
    private readonly List<Task> _accepting = [];
    private readonly ConcurrentDictionary<long, Task> _sessions = new();
    private long _lastSession;

    private FtpServer(FtpServerOptions options) => _options = options;

    /// <summary>A transfer ended, complete or not. Raised before its final reply; handlers must be quick and not throw.</summary>
    public event Action<FtpTransferRecord>? TransferEnded;

    /// <summary>A data connection was made; the argument is its peer.</summary>
    public event Action<IPEndPoint>? DataConnected;

    /// <summary>The bound end points, in the order of the options.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Select(listener => (IPEndPoint)listener.LocalEndPoint!)];

    public int SessionCount => _sessions.Count;

    /// <summary>Listens and serves until disposed.</summary>
    /// <exception cref="SocketException">An end point cannot be bound.</exception>
    public static FtpServer Start(FtpServerOptions options)
    {
        var server = new FtpServer(options);
        try
        {
            foreach (var endPoint in options.EndPoints)
                server.Listen(endPoint);
        }
        catch (SocketException)
        {
            server._listeners.ForEach(listener => listener.Dispose());
            throw;
        }

        server._accepting.AddRange(server._listeners.Select(server.AcceptAsync));
        return server;
    }

    void IFtpServerEvents.DataConnected(IPEndPoint peer) => DataConnected?.Invoke(peer);

    void IFtpServerEvents.TransferEnded(FtpTransferRecord transfer) => TransferEnded?.Invoke(transfer);

    /// <summary>Stops listening, resets transfers, closes sessions, and returns when all are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_accepting);
        await Task.WhenAll(_sessions.Values);
        _stop.Dispose();
    }

    private void Listen(IPEndPoint endPoint)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listeners.Add(listener);
        if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            listener.DualMode = false;
        listener.Bind(endPoint);
        listener.Listen(Backlog);
    }

    private async Task AcceptAsync(Socket listener)
    {
        using (listener)
        {
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    Serve(await listener.AcceptAsync(_stop.Token));
                }
                catch (SocketException)
                {
                    await Task.Delay(_acceptBackoff, _options.Time, CancellationToken.None);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private void Serve(Socket socket)
    {
        // Registered before it runs, so that stopping never misses a session.
        var id = Interlocked.Increment(ref _lastSession);
        var session = new TaskCompletionSource();
        _sessions[id] = session.Task;
        _ = ServeAsync();

        async Task ServeAsync()
        {
            await Task.Yield();
            try
            {
                await RunSessionAsync(socket);
            }
            finally
            {
                _sessions.TryRemove(id, out _);
                session.SetResult();
            }
        }
    }

    private async Task RunSessionAsync(Socket socket)
    {
        try
        {
            using var control = new ControlConnection(socket);
            if (_sessions.Count > _options.MaxSessions)
            {
                await control.WriteLineAsync("421 Too many sessions.", _options.IdleTimeout, _options.Time, _stop.Token);
                return;
            }

            await using var session = new FtpSession(control, _options, this);
            await session.RunAsync(_stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client is gone, does not read, or the server stops. The session has been released; nobody is left to tell.
        }
    }
}
