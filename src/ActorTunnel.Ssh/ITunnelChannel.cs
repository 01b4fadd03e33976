namespace ActorTunnel.Ssh;

/// <summary>
/// One forwarded connection inside an SSH connection. Bytes arrive by push on the connection's receive loop, and leave by filling
/// the payload of the next packet in place. Members may be called from any thread, but only one sender at a time.
/// </summary>
public interface ITunnelChannel
{
    /// <summary>
    /// Names the receiver, exactly once. Bytes that came before are delivered to it first, before this call returns.
    /// </summary>
    void Attach(IChannelSink sink);

    /// <summary>
    /// Returns window for <paramref name="bytes"/> that the sink did not take at once and has consumed since.
    /// </summary>
    void Credit(int bytes);

    /// <summary>
    /// Waits for send window and for room in the connection's send queue, then hands out the payload space of the next packet: at
    /// least one byte, at most what window and packet size allow. The renter fills it from the start and calls <see cref="Commit"/>.
    /// Rent only when there are bytes to send: the space is taken from a bounded pool.
    /// </summary>
    /// <exception cref="SshException">The channel has ended, or the end was sent.</exception>
    ValueTask<Memory<byte>> RentSendAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sends the first <paramref name="bytes"/> of the rented space; 0 gives it back unused. Ends the rent.
    /// </summary>
    void Commit(int bytes);

    /// <summary>
    /// Says that no more bytes will be sent (CHANNEL_EOF, RFC 4254, section 5.3). The other direction stays open. When both
    /// directions have ended, the channel closes by itself.
    /// </summary>
    void SendEof();

    /// <summary>
    /// Closes the channel at once without an end-of-file (CHANNEL_CLOSE). Note that OpenSSH turns this into a clean FIN all the same.
    /// </summary>
    void Abort();

    /// <summary>Completes, never faults, when the channel is over.</summary>
    Task<ChannelEnd> Ended { get; }
}

/// <summary>
/// Receives what the peer sends on a channel. Calls come one at a time, on the connection's receive loop (or inside
/// <see cref="ITunnelChannel.Attach"/>), and must not block: a slow receiver owes window, nothing else.
/// A last call may still be under way when <see cref="ITunnelChannel.Ended"/> completes. An exception ends the connection.
/// </summary>
public interface IChannelSink
{
    /// <summary>
    /// Takes bytes. Returns how many are consumed now, whose window returns to the peer by itself; the sink has copied the rest
    /// and calls <see cref="ITunnelChannel.Credit"/> when it has consumed them. Never more than the granted window is outstanding.
    /// </summary>
    int Accept(ReadOnlySpan<byte> data);

    /// <summary>The peer has sent its last byte (CHANNEL_EOF). Not called when the channel ends without one.</summary>
    void Eof();
}

/// <summary>How a channel ended.</summary>
public enum ChannelEnd
{
    /// <summary>Both sides sent their end-of-file, or the peer closed after its own.</summary>
    Finished,

    /// <summary>The peer closed without an end-of-file.</summary>
    ClosedByPeer,

    /// <summary>This side aborted.</summary>
    Aborted,

    /// <summary>The SSH connection was lost.</summary>
    ConnectionLost,
}
