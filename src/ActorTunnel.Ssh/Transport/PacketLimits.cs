namespace ActorTunnel.Ssh.Transport;

/// <summary>The bounds of the transport: whatever the peer sends, a connection needs no more than these.</summary>
internal static class PacketLimits
{
    /// <summary>packet_length we accept at most. RFC 4253, section 6.1 asks for 35000; some peers send more.</summary>
    public const int MaxPacketLength = 256 * 1024;

    /// <summary>packet_length that a packet needs at least: padding_length, one byte of payload and the least padding.</summary>
    public const int MinPacketLength = 1 + 1 + MinPadding;

    /// <summary>RFC 4253, section 6: at least four bytes of padding.</summary>
    public const int MinPadding = 4;

    /// <summary>packet_length and padding_length.</summary>
    public const int HeaderSize = 4 + 1;

    /// <summary>No cipher has a larger tag (SHA-512 of an ETM MAC) or block.</summary>
    public const int MaxTagSize = 64;

    /// <summary>The largest payload that every peer must take (RFC 4253, section 6.1); what is sent here is never larger.</summary>
    public const int MaxSentPayload = 32768 + 512;

    /// <summary>Bytes of channel data in one packet, in both directions.</summary>
    public const int MaxChannelData = 32 * 1024;

    /// <summary>Where packets are opened: room for the largest one and more of the next.</summary>
    public const int ReceiveBufferSize = MaxPacketLength + 4 + MaxTagSize;

    /// <summary>Where packets are sealed: what goes out in one write.</summary>
    public const int SendBufferSize = 256 * 1024;

    /// <summary>Data packets between being rented by a channel and being sealed, per connection: twice what one write takes.</summary>
    public const int MaxRentedSlots = 16;

    /// <summary>Channels open at a time, in either role.</summary>
    public const int MaxChannels = 16384;

    /// <summary>
    /// Messages other than data that wait to be sent: an open, an adjust, an end-of-file and a close for each channel there can be.
    /// More of them means that the peer provokes answers and does not read them.
    /// </summary>
    public const int MaxQueuedMessages = 4 * MaxChannels;
}
