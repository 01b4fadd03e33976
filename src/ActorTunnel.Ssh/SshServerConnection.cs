using System.Net;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Messages;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Ssh;

/// <summary>One client that has logged in to the server role. Members may be called from any thread.</summary>
public sealed class SshServerConnection : IAsyncDisposable
{
    private readonly Multiplexer _multiplexer;

    internal SshServerConnection(Multiplexer multiplexer, SshServerOptions options, string user, ILogger logger)
    {
        _multiplexer = multiplexer;
        User = user;
        multiplexer.Start(new ServerRole(options, new(this, options, multiplexer.Output, logger)));
    }

    /// <summary>Who logged in.</summary>
    public string User { get; }

    /// <summary>Completes, never faults, when the connection is over: with the first cause of its end.</summary>
    public Task<SshEnd> Closed => _multiplexer.Closed;

    /// <summary>Passes a connection to a listener on to the client (<c>forwarded-tcpip</c>, RFC 4254, section 7.2).</summary>
    /// <param name="boundAddress">The address as the client asked for it.</param>
    /// <param name="boundPort">The port that was bound.</param>
    /// <param name="originator">Who connected.</param>
    /// <param name="window">How many bytes the client may send before they are consumed here.</param>
    /// <param name="cancellationToken">Gives up waiting; a channel that opens later is closed at once.</param>
    /// <exception cref="ChannelOpenException">The client refused; the connection lives on.</exception>
    /// <exception cref="SshException">The connection was lost.</exception>
    public ValueTask<ITunnelChannel> OpenForwardedAsync(
        string boundAddress, int boundPort, IPEndPoint originator, ChannelWindow window, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(originator);
        return _multiplexer.OpenAsync(
            ChannelOpenMessage.ForwardedTcpip,
            new(boundAddress, boundPort, originator.Address.ToString(), originator.Port),
            window,
            cancellationToken);
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();

    private sealed class ServerRole(SshServerOptions options, ForwardRequests requests) : IConnectionRole
    {
        public string AcceptedChannelType => ChannelOpenMessage.DirectTcpip;

        public Action<IOfferedChannel>? FindReceiver(TcpipFields fields) => options.DirectTcpip;

        public void OnGlobalRequest(GlobalRequestMessage request) => requests.Add(request);
    }
}
