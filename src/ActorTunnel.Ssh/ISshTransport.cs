using System.Net;

namespace ActorTunnel.Ssh;

/// <summary>
/// One authenticated SSH connection as its users see it: a source of channels. The engine reaches SSH through this alone.
/// Members may be called from any thread.
/// </summary>
public interface ISshTransport : IAsyncDisposable
{
    /// <summary>
    /// Completes, never faults, when the connection is over: with the first cause of its end.
    /// </summary>
    Task<SshEnd> Closed { get; }

    /// <summary>
    /// When the server's last packet of any kind came, as a timestamp of the connection's <see cref="TimeProvider"/>: as long as it
    /// sends something, it lives.
    /// </summary>
    long LastReceived { get; }

    /// <summary>
    /// Channels that are open or being opened. One counts until both sides have closed it: what was sent is then out of the server's
    /// hands, and a connection without channels can be closed without losing anything.
    /// </summary>
    int ChannelCount { get; }

    /// <summary>The server's host key as it was verified in the first key exchange.</summary>
    Keys.PublicKey HostKey { get; }

    /// <summary>
    /// Opens a <c>direct-tcpip</c> channel (RFC 4254, section 7.2): the server connects to
    /// <paramref name="host"/>:<paramref name="port"/> and the channel carries the bytes.
    /// </summary>
    /// <param name="host">Name or address, resolved by the server.</param>
    /// <param name="port">1..65535.</param>
    /// <param name="originator">Where the forwarded connection came from; informative.</param>
    /// <param name="window">How many bytes the server may send before they are consumed here.</param>
    /// <param name="cancellationToken">Gives up waiting; a channel that opens later is closed at once.</param>
    /// <exception cref="ChannelOpenException">The server refused; the connection lives on.</exception>
    /// <exception cref="SshException">The connection was lost.</exception>
    ValueTask<ITunnelChannel> OpenAsync(
        string host, int port, IPEndPoint originator, ChannelWindow window, CancellationToken cancellationToken);

    /// <summary>
    /// Asks the server to listen (<c>tcpip-forward</c>, RFC 4254, section 7.1).
    /// </summary>
    /// <param name="bindAddress">What the server should bind: an address, <c>localhost</c>, or the empty string for all.</param>
    /// <param name="port">0 lets the server choose.</param>
    /// <param name="accepted">
    /// Called for each connection on the connection's receive loop: it must not block. The receiver owns the channel offered and
    /// must accept or refuse it.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting; a listener granted later is cancelled at once.</param>
    /// <exception cref="SshException"><see cref="SshFailure.ForwardingRefused"/>, or the connection was lost.</exception>
    ValueTask<IRemoteListener> ListenAsync(
        string bindAddress, int port, Action<IOfferedChannel> accepted, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a <c>keepalive@openssh.com</c> request and completes with the answer, whatever it is: the peer lives.
    /// </summary>
    /// <exception cref="SshException">The connection was lost.</exception>
    ValueTask PingAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Ends the connection at once, for this reason: every channel is over, and <see cref="Closed"/> tells the reason. Disposing
    /// ends it in order instead.
    /// </summary>
    void Abort(SshFailure failure, string message);
}

/// <summary>A listener on the SSH server. Disposing it cancels the forwarding (<c>cancel-tcpip-forward</c>).</summary>
public interface IRemoteListener : IAsyncDisposable
{
    /// <summary>The address that was asked for: SSH does not report the one that was bound.</summary>
    string BindAddress { get; }

    /// <summary>The port bound by the server.</summary>
    int Port { get; }
}

/// <summary>A channel that the peer wants to open. Exactly one of its methods is called, once, from any thread.</summary>
public interface IOfferedChannel
{
    /// <summary>
    /// <c>forwarded-tcpip</c>: the address that was connected to. <c>direct-tcpip</c> (server role): the host to connect to.
    /// </summary>
    string Host { get; }

    /// <summary>The port that belongs to <see cref="Host"/>.</summary>
    int Port { get; }

    /// <summary>The originator's address as the peer tells it.</summary>
    string OriginatorAddress { get; }

    /// <summary>The originator's port as the peer tells it.</summary>
    int OriginatorPort { get; }

    /// <summary>Confirms the channel.</summary>
    ITunnelChannel Accept(ChannelWindow window);

    /// <summary>Refuses the channel (RFC 4254, section 5.1).</summary>
    void Refuse(ChannelOpenFailure reason, string description);
}

/// <summary>
/// The receive window of a channel in bytes: what is granted at first, and the most it may grow to while the receiver keeps up.
/// A window cannot be withdrawn once it is granted.
/// </summary>
public readonly record struct ChannelWindow(int Initial, int Maximum);

/// <summary>Why an SSH connection ended, and the line that tells a person.</summary>
public sealed record SshEnd(SshFailure Failure, string Message);
