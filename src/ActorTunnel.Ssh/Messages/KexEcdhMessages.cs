using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 5656, section 4 (curve25519: RFC 8731, section 3.1, has the same form)
//   byte     SSH_MSG_KEX_ECDH_INIT
//   string   Q_C, client's ephemeral public key octet string
// RFC 4253, section 8: the same number and, as an mpint is a string of the number's bytes, the same form
//   byte     SSH_MSG_KEXDH_INIT
//   mpint    e
internal readonly ref struct KexEcdhInitMessage(ReadOnlySpan<byte> clientPublicValue) : IMessage
{
    public ReadOnlySpan<byte> ClientPublicValue { get; } = clientPublicValue;

    public MessageNumber Number => MessageNumber.KexEcdhInit;

    public static KexEcdhInitMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new KexEcdhInitMessage(reader.ReadString());
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer) => writer.WriteString(ClientPublicValue);
}

// RFC 5656, section 4
//   byte     SSH_MSG_KEX_ECDH_REPLY
//   string   K_S, server's public host key
//   string   Q_S, server's ephemeral public key octet string
//   string   the signature on the exchange hash
// RFC 4253, section 8
//   byte     SSH_MSG_KEXDH_REPLY
//   string   server public host key and certificates (K_S)
//   mpint    f
//   string   signature of H
internal readonly ref struct KexEcdhReplyMessage(
    ReadOnlySpan<byte> hostKey, ReadOnlySpan<byte> serverPublicValue, ReadOnlySpan<byte> signature) : IMessage
{
    public ReadOnlySpan<byte> HostKey { get; } = hostKey;

    public ReadOnlySpan<byte> ServerPublicValue { get; } = serverPublicValue;

    public ReadOnlySpan<byte> Signature { get; } = signature;

    public MessageNumber Number => MessageNumber.KexEcdhReply;

    public static KexEcdhReplyMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new KexEcdhReplyMessage(reader.ReadString(), reader.ReadString(), reader.ReadString());
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteString(HostKey);
        writer.WriteString(ServerPublicValue);
        writer.WriteString(Signature);
    }
}
