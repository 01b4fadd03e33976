namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// Opens incoming binary packets (RFC 4253, section 6) of one direction under one key, in place in the receive buffer. Not
/// thread-safe: owned by the receive loop.
/// </summary>
internal interface IPacketOpener : IDisposable
{
    /// <summary>Bytes that must be there before <see cref="ReadLength"/> can be called.</summary>
    int LengthPrefix { get; }

    /// <summary>packet_length must make the padded part a multiple of this.</summary>
    int BlockSize { get; }

    /// <summary>As in <see cref="IPacketSealer.LengthIsPadded"/>.</summary>
    bool LengthIsPadded { get; }

    /// <summary>Bytes of the authentication tag after the packet.</summary>
    int TagSize { get; }

    /// <summary>
    /// packet_length of the packet that starts at <paramref name="buffer"/>, not yet authenticated: the caller checks its limits
    /// before it waits for that many bytes. May be called again for the same packet with more bytes; must not change the buffer
    /// in a way that a second call could not stand.
    /// </summary>
    uint ReadLength(uint sequenceNumber, Span<byte> buffer);

    /// <summary>
    /// Authenticates and decrypts one packet in place: <paramref name="packet"/> is packet_length to padding, and the tag. False
    /// when it does not authenticate; nothing of it may then be used. packet_length, which the caller has read, may stay encrypted.
    /// </summary>
    bool TryOpen(uint sequenceNumber, Span<byte> packet);
}
