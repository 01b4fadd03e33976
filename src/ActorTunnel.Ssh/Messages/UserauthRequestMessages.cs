using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4252, section 5
//   byte      SSH_MSG_USERAUTH_REQUEST
//   string    user name in ISO-10646 UTF-8 encoding [RFC3629]
//   string    service name in US-ASCII
//   string    method name in US-ASCII
//   ....      method specific fields
internal readonly ref struct UserauthRequestMessage(
    string user, string service, string method, ReadOnlySpan<byte> methodFields) : IMessage
{
    public string User { get; } = user;

    public string Service { get; } = service;

    public string Method { get; } = method;

    public ReadOnlySpan<byte> MethodFields { get; } = methodFields;

    public MessageNumber Number => MessageNumber.UserauthRequest;

    public static UserauthRequestMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        return new(reader.ReadText(), reader.ReadText(), reader.ReadText(), reader.Rest);
    }

    public void Write(SshWriter writer)
    {
        writer.WriteText(User);
        writer.WriteText(Service);
        writer.WriteText(Method);
        writer.WriteBytes(MethodFields);
    }
}

// RFC 4252, section 7
//   boolean   FALSE for a query, TRUE when the signature follows
//   string    public key algorithm name
//   string    public key blob
//   string    signature (only with TRUE)
internal readonly ref struct PublicKeyFields(string algorithm, ReadOnlySpan<byte> blob, ReadOnlySpan<byte> signature)
{
    public string Algorithm { get; } = algorithm;

    public ReadOnlySpan<byte> Blob { get; } = blob;

    /// <summary>Empty in a query.</summary>
    public ReadOnlySpan<byte> Signature { get; } = signature;

    public static PublicKeyFields Parse(ReadOnlySpan<byte> fields)
    {
        var reader = new SshReader(fields);
        var isSigned = reader.ReadBoolean();
        var message = new PublicKeyFields(reader.ReadText(), reader.ReadString(), isSigned ? reader.ReadString() : []);
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteBoolean(!Signature.IsEmpty);
        writer.WriteText(Algorithm);
        writer.WriteString(Blob);
        if (!Signature.IsEmpty)
            writer.WriteString(Signature);
    }
}

// RFC 4252, section 8
//   boolean   FALSE (TRUE would change the password)
//   string    plaintext password in ISO-10646 UTF-8 encoding [RFC3629]
internal readonly ref struct PasswordFields(ReadOnlySpan<byte> password)
{
    public ReadOnlySpan<byte> Password { get; } = password;

    /// <summary>A request that changes the password has a second one, and is not served here.</summary>
    public static PasswordFields Parse(ReadOnlySpan<byte> fields)
    {
        var reader = new SshReader(fields);
        if (reader.ReadBoolean())
            return new([]);
        var message = new PasswordFields(reader.ReadString());
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteBoolean(false);
        writer.WriteString(Password);
    }
}
