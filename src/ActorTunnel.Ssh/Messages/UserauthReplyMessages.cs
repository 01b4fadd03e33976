using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4252, section 5.1
//   byte         SSH_MSG_USERAUTH_FAILURE
//   name-list    authentications that can continue
//   boolean      partial success
internal sealed record UserauthFailureMessage(IReadOnlyList<string> CanContinue, bool PartialSuccess) : IMessage
{
    public MessageNumber Number => MessageNumber.UserauthFailure;

    public static UserauthFailureMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new UserauthFailureMessage(reader.ReadNameList(), reader.ReadBoolean());
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteNameList(CanContinue);
        writer.WriteBoolean(PartialSuccess);
    }
}

// RFC 4252, section 5.4
//   byte      SSH_MSG_USERAUTH_BANNER
//   string    message in ISO-10646 UTF-8 encoding [RFC3629]
//   string    language tag [RFC3066]
internal readonly record struct UserauthBannerMessage(string Text) : IMessage
{
    public MessageNumber Number => MessageNumber.UserauthBanner;

    public static UserauthBannerMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new UserauthBannerMessage(reader.ReadDisplayText());
        reader.ReadString();
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteText(Text);
        writer.WriteText("");
    }
}

// RFC 4252, section 7
//   byte      SSH_MSG_USERAUTH_PK_OK
//   string    public key algorithm name from the request
//   string    public key blob from the request
internal readonly ref struct UserauthPkOkMessage(string algorithm, ReadOnlySpan<byte> blob) : IMessage
{
    public string Algorithm { get; } = algorithm;

    public ReadOnlySpan<byte> Blob { get; } = blob;

    public MessageNumber Number => MessageNumber.UserauthMethodReply;

    public static UserauthPkOkMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new UserauthPkOkMessage(reader.ReadText(), reader.ReadString());
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteText(Algorithm);
        writer.WriteString(Blob);
    }
}
