using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4253, section 11.4
//   byte      SSH_MSG_UNIMPLEMENTED
//   uint32    packet sequence number of rejected message
internal readonly record struct UnimplementedMessage(uint SequenceNumber) : IMessage
{
    public MessageNumber Number => MessageNumber.Unimplemented;

    public static UnimplementedMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new UnimplementedMessage(reader.ReadUInt32());
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer) => writer.WriteUInt32(SequenceNumber);
}
