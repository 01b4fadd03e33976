using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4256, section 3.2
//   byte      SSH_MSG_USERAUTH_INFO_REQUEST
//   string    name (ISO-10646 UTF-8)
//   string    instruction (ISO-10646 UTF-8)
//   string    language tag (as defined in [RFC-3066])
//   int       num-prompts
//   string    prompt[1] (ISO-10646 UTF-8)
//   boolean   echo[1]
//   ...
internal readonly record struct UserauthInfoRequestMessage(
    string Name, string Instruction, IReadOnlyList<(string Text, bool Echo)> Prompts) : IMessage
{
    /// <summary>Enough for any dialogue with a person.</summary>
    public const int MaxPrompts = 32;

    public MessageNumber Number => MessageNumber.UserauthMethodReply;

    public static UserauthInfoRequestMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var name = reader.ReadDisplayText();
        var instruction = reader.ReadDisplayText();
        reader.ReadString();
        var count = reader.ReadUInt32();
        if (count > MaxPrompts)
            throw SshReader.Malformed("more than 32 prompts");
        var prompts = new (string Text, bool Echo)[count];
        for (var i = 0; i < prompts.Length; i++)
            prompts[i] = (reader.ReadDisplayText(), reader.ReadBoolean());
        reader.ReadEnd();
        return new(name, instruction, prompts);
    }

    public void Write(SshWriter writer)
    {
        writer.WriteText(Name);
        writer.WriteText(Instruction);
        writer.WriteText("");
        writer.WriteUInt32((uint)Prompts.Count);
        foreach (var (text, echo) in Prompts)
        {
            writer.WriteText(text);
            writer.WriteBoolean(echo);
        }
    }
}

// RFC 4256, section 3.4
//   byte      SSH_MSG_USERAUTH_INFO_RESPONSE
//   int       num-responses
//   string    response[1] (ISO-10646 UTF-8)
//   ...
internal readonly record struct UserauthInfoResponseMessage(byte[][] Responses) : IMessage
{
    public MessageNumber Number => MessageNumber.UserauthInfoResponse;

    public static UserauthInfoResponseMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var count = reader.ReadUInt32();
        if (count > UserauthInfoRequestMessage.MaxPrompts)
            throw SshReader.Malformed("more than 32 responses");
        var responses = new byte[count][];
        for (var i = 0; i < responses.Length; i++)
            responses[i] = reader.ReadString().ToArray();
        reader.ReadEnd();
        return new(responses);
    }

    public void Write(SshWriter writer)
    {
        writer.WriteUInt32((uint)Responses.Length);
        foreach (var response in Responses)
            writer.WriteString(response);
    }
}
