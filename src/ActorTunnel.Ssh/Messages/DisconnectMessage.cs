using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

/// <summary>Reason codes of SSH_MSG_DISCONNECT (RFC 4253, section 11.1), those that are sent here.</summary>
internal enum DisconnectReason : uint
{
    ProtocolError = 2,
    KeyExchangeFailed = 3,
    MacError = 5,
    ServiceNotAvailable = 7,
    ProtocolVersionNotSupported = 8,
    HostKeyNotVerifiable = 9,
    ConnectionLost = 10,
    ByApplication = 11,
    NoMoreAuthenticationMethods = 14,
}

// RFC 4253, section 11.1
//   byte      SSH_MSG_DISCONNECT
//   uint32    reason code
//   string    description in ISO-10646 UTF-8 encoding [RFC3629]
//   string    language tag [RFC3066]
internal readonly record struct DisconnectMessage(DisconnectReason Reason, string Description) : IMessage
{
    public MessageNumber Number => MessageNumber.Disconnect;

    /// <summary>The language tag is not read: some peers leave it out, and the connection is over either way.</summary>
    public static DisconnectMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        return new((DisconnectReason)reader.ReadUInt32(), reader.ReadDisplayText());
    }

    public void Write(SshWriter writer)
    {
        writer.WriteUInt32((uint)Reason);
        writer.WriteText(Description);
        writer.WriteText("");
    }
}
