using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 8308, section 2.3
//   byte      SSH_MSG_EXT_INFO (value 7)
//   uint32    nr-extensions
//   repeat the following 2 fields "nr-extensions" times:
//     string  extension-name
//     string  extension-value (binary)
/// <param name="ServerSignatureAlgorithms">
/// The extension <c>server-sig-algs</c> (RFC 8308, section 3.1): what the server accepts in publickey authentication; null when
/// it does not say. Other extensions are of no use here and are passed over.
/// </param>
internal sealed record ExtInfoMessage(IReadOnlyList<string>? ServerSignatureAlgorithms) : IMessage
{
    private static ReadOnlySpan<byte> ServerSigAlgs => "server-sig-algs"u8;

    public MessageNumber Number => MessageNumber.ExtInfo;

    public static ExtInfoMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        IReadOnlyList<string>? algorithms = null;
        for (var remaining = reader.ReadUInt32(); remaining > 0; remaining--)
        {
            if (reader.ReadString().SequenceEqual(ServerSigAlgs))
                algorithms = reader.ReadNameList();
            else
                reader.ReadString();
        }

        reader.ReadEnd();
        return new(algorithms);
    }

    public void Write(SshWriter writer)
    {
        writer.WriteUInt32(ServerSignatureAlgorithms is null ? 0u : 1u);
        if (ServerSignatureAlgorithms is null)
            return;
        writer.WriteString(ServerSigAlgs);
        writer.WriteNameList(ServerSignatureAlgorithms);
    }
}
