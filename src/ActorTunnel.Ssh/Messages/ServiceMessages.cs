using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4253, section 10
//   byte      SSH_MSG_SERVICE_REQUEST
//   string    service name
internal readonly record struct ServiceRequestMessage(string Service) : IMessage
{
    public const string UserAuthentication = "ssh-userauth";
    public const string Connection = "ssh-connection";

    public MessageNumber Number => MessageNumber.ServiceRequest;

    public static ServiceRequestMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new ServiceRequestMessage(reader.ReadText());
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer) => writer.WriteText(Service);
}

// RFC 4253, section 10
//   byte      SSH_MSG_SERVICE_ACCEPT
//   string    service name
internal readonly record struct ServiceAcceptMessage(string Service) : IMessage
{
    public MessageNumber Number => MessageNumber.ServiceAccept;

    public static ServiceAcceptMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var message = new ServiceAcceptMessage(reader.ReadText());
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer) => writer.WriteText(Service);
}
