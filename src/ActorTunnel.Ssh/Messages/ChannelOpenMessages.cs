using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4254, section 5.1
//   byte      SSH_MSG_CHANNEL_OPEN
//   string    channel type in US-ASCII only
//   uint32    sender channel
//   uint32    initial window size
//   uint32    maximum packet size
//   ....      channel type specific data follows
internal readonly ref struct ChannelOpenMessage(string type, uint senderChannel, uint initialWindow, uint maximumPacket)
{
    public const string DirectTcpip = "direct-tcpip";
    public const string ForwardedTcpip = "forwarded-tcpip";

    public string Type { get; } = type;

    public uint SenderChannel { get; } = senderChannel;

    public uint InitialWindow { get; } = initialWindow;

    public uint MaximumPacket { get; } = maximumPacket;

    /// <summary>Read only when the type is known.</summary>
    public ReadOnlySpan<byte> TypeFields { get; private init; }

    public static ChannelOpenMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        return new(reader.ReadText(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32())
        {
            TypeFields = reader.Rest,
        };
    }
}

/// <summary>SSH_MSG_CHANNEL_OPEN for one of the two types that this side opens.</summary>
internal readonly record struct TcpipOpenMessage(
    string Type, uint SenderChannel, uint InitialWindow, uint MaximumPacket, TcpipFields Fields) : IMessage
{
    public MessageNumber Number => MessageNumber.ChannelOpen;

    public void Write(SshWriter writer)
    {
        writer.WriteText(Type);
        writer.WriteUInt32(SenderChannel);
        writer.WriteUInt32(InitialWindow);
        writer.WriteUInt32(MaximumPacket);
        Fields.Write(writer);
    }
}

// RFC 4254, section 7.2 ("direct-tcpip" and "forwarded-tcpip")
//   string    host to connect / address that was connected
//   uint32    port to connect / port that was connected
//   string    originator IP address
//   uint32    originator port
internal readonly record struct TcpipFields(string Host, int Port, string OriginatorAddress, int OriginatorPort)
{
    public static TcpipFields Parse(ReadOnlySpan<byte> fields)
    {
        var reader = new SshReader(fields);
        var message = new TcpipFields(
            reader.ReadText(), PortNumber.Read(ref reader), reader.ReadText(), PortNumber.Read(ref reader));
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteText(Host);
        writer.WriteUInt32((uint)Port);
        writer.WriteText(OriginatorAddress);
        writer.WriteUInt32((uint)OriginatorPort);
    }
}

// RFC 4254, section 5.1
//   byte      SSH_MSG_CHANNEL_OPEN_CONFIRMATION
//   uint32    recipient channel
//   uint32    sender channel
//   uint32    initial window size
//   uint32    maximum packet size
//   ....      channel type specific data follows
internal readonly record struct ChannelOpenConfirmationMessage(
    uint RecipientChannel, uint SenderChannel, uint InitialWindow, uint MaximumPacket) : IMessage
{
    public MessageNumber Number => MessageNumber.ChannelOpenConfirmation;

    public static ChannelOpenConfirmationMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        return new(reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
    }

    public void Write(SshWriter writer)
    {
        writer.WriteUInt32(RecipientChannel);
        writer.WriteUInt32(SenderChannel);
        writer.WriteUInt32(InitialWindow);
        writer.WriteUInt32(MaximumPacket);
    }
}

// RFC 4254, section 5.1
//   byte      SSH_MSG_CHANNEL_OPEN_FAILURE
//   uint32    recipient channel
//   uint32    reason code
//   string    description in ISO-10646 UTF-8 encoding [RFC3629]
//   string    language tag [RFC3066]
internal readonly record struct ChannelOpenFailureMessage(
    uint RecipientChannel, ChannelOpenFailure Reason, string Description) : IMessage
{
    public MessageNumber Number => MessageNumber.ChannelOpenFailure;

    public static ChannelOpenFailureMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new ChannelOpenFailureMessage(
            reader.ReadUInt32(), (ChannelOpenFailure)reader.ReadUInt32(), reader.ReadDisplayText());
        reader.ReadString();
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteUInt32(RecipientChannel);
        writer.WriteUInt32((uint)Reason);
        writer.WriteText(Description);
        writer.WriteText("");
    }
}
