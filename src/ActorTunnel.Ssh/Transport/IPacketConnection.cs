namespace ActorTunnel.Ssh.Transport;

/// <summary>
/// A way to exchange messages, as the layer above sees it: the transport itself, or key exchange on top of it. Reading and
/// <see cref="IDisposable.Dispose"/> belong to one loop; the rest may be used from any thread.
/// </summary>
internal interface IPacketConnection : IDisposable
{
    ConnectionEnd End { get; }

    SendQueue Output { get; }

    TimeProvider Time { get; }

    /// <summary>The next message. It lies in the receive buffer and is valid until the next call.</summary>
    /// <exception cref="SshException">The connection is over.</exception>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync();

    /// <summary>The sequence number of the message that was read last: SSH_MSG_UNIMPLEMENTED names it.</summary>
    uint SequenceNumber { get; }

    /// <summary>When the peer's last packet of any kind came, as a timestamp of <see cref="Time"/>.</summary>
    long LastReceived { get; }

    /// <summary>Completes when the end has been told to the peer and the stream is closed.</summary>
    Task Completion { get; }
}
