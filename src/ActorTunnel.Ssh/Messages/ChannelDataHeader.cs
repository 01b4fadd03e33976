using System.Buffers.Binary;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4254, section 5.2
//   byte      SSH_MSG_CHANNEL_DATA
//   uint32    recipient channel
//   string    data
/// <summary>
/// What stands before the bytes of a data packet. Data is never a message object: it is read in the receive buffer and written
/// where its renter put it.
/// </summary>
internal static class ChannelDataHeader
{
    public const int Size = 1 + 4 + 4;

    public static uint Parse(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> data)
    {
        var reader = new SshReader(packet[1..]);
        var recipient = reader.ReadUInt32();
        data = reader.ReadString();
        reader.ReadEnd();
        return recipient;
    }

    // RFC 4254, section 5.2
    //   byte      SSH_MSG_CHANNEL_EXTENDED_DATA
    //   uint32    recipient channel
    //   uint32    data_type_code
    //   string    data
    public static uint ParseExtended(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> data)
    {
        var reader = new SshReader(packet[1..]);
        var recipient = reader.ReadUInt32();
        reader.ReadUInt32();
        data = reader.ReadString();
        reader.ReadEnd();
        return recipient;
    }

    public static void Write(Span<byte> packet, uint recipient, int length)
    {
        packet[0] = (byte)MessageNumber.ChannelData;
        BinaryPrimitives.WriteUInt32BigEndian(packet[1..], recipient);
        BinaryPrimitives.WriteInt32BigEndian(packet[5..], length);
    }
}
