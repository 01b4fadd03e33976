namespace ActorTunnel.Ssh.Protection;

/// <summary>
/// Seals outgoing binary packets (RFC 4253, section 6) of one direction under one key. Not thread-safe: owned by the send loop.
/// </summary>
internal interface IPacketSealer : IDisposable
{
    /// <summary>
    /// The padded part of a packet is a multiple of this many bytes; the length field is part of it only where
    /// <see cref="LengthIsPadded"/> says so.
    /// </summary>
    int BlockSize { get; }

    /// <summary>False for ciphers that authenticate the length field in the clear (GCM, ETM): it then stands outside the blocks.</summary>
    bool LengthIsPadded { get; }

    /// <summary>Bytes of the authentication tag after the packet.</summary>
    int TagSize { get; }

    /// <summary>
    /// Seals one packet in place: <paramref name="packet"/> is packet_length, padding_length, payload, padding, and
    /// <see cref="TagSize"/> bytes of room for the tag.
    /// </summary>
    void Seal(uint sequenceNumber, Span<byte> packet);
}
