using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4254, section 5.2
//   byte      SSH_MSG_CHANNEL_WINDOW_ADJUST
//   uint32    recipient channel
//   uint32    bytes to add
internal readonly record struct ChannelWindowAdjustMessage(uint RecipientChannel, uint BytesToAdd) : IMessage
{
    public MessageNumber Number => MessageNumber.ChannelWindowAdjust;

    public static ChannelWindowAdjustMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new ChannelWindowAdjustMessage(reader.ReadUInt32(), reader.ReadUInt32());
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteUInt32(RecipientChannel);
        writer.WriteUInt32(BytesToAdd);
    }
}

// RFC 4254, section 5.3     byte  SSH_MSG_CHANNEL_EOF,      uint32  recipient channel
// RFC 4254, section 5.3     byte  SSH_MSG_CHANNEL_CLOSE,    uint32  recipient channel
// RFC 4254, section 5.4     byte  SSH_MSG_CHANNEL_SUCCESS,  uint32  recipient channel
// RFC 4254, section 5.4     byte  SSH_MSG_CHANNEL_FAILURE,  uint32  recipient channel
/// <summary>A message that says something of a channel and nothing else.</summary>
internal readonly record struct ChannelSignalMessage(MessageNumber Number, uint RecipientChannel) : IMessage
{
    public static uint ParseRecipient(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var recipient = reader.ReadUInt32();
        reader.ReadEnd();
        return recipient;
    }

    public void Write(SshWriter writer) => writer.WriteUInt32(RecipientChannel);
}

// RFC 4254, section 5.4
//   byte      SSH_MSG_CHANNEL_REQUEST
//   uint32    recipient channel
//   string    request type in US-ASCII characters only
//   boolean   want reply
//   ....      type-specific data follows
internal readonly ref struct ChannelRequestMessage(uint recipientChannel, string type, bool wantReply) : IMessage
{
    public uint RecipientChannel { get; } = recipientChannel;

    public string Type { get; } = type;

    public bool WantReply { get; } = wantReply;

    public MessageNumber Number => MessageNumber.ChannelRequest;

    public static ChannelRequestMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        return new(reader.ReadUInt32(), reader.ReadText(), reader.ReadBoolean());
    }

    public void Write(SshWriter writer)
    {
        writer.WriteUInt32(RecipientChannel);
        writer.WriteText(Type);
        writer.WriteBoolean(WantReply);
    }
}
