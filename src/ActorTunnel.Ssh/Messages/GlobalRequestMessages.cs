using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4254, section 4
//   byte      SSH_MSG_GLOBAL_REQUEST
//   string    request name in US-ASCII only
//   boolean   want reply
//   ....      request-specific data follows
internal readonly ref struct GlobalRequestMessage(string name, bool wantReply, ReadOnlySpan<byte> data) : IMessage
{
    public const string TcpipForward = "tcpip-forward";
    public const string CancelTcpipForward = "cancel-tcpip-forward";

    /// <summary>Unknown to everybody, so that it is answered with a failure: the peer lives.</summary>
    public const string KeepAlive = "keepalive@openssh.com";

    public string Name { get; } = name;

    public bool WantReply { get; } = wantReply;

    public ReadOnlySpan<byte> Data { get; } = data;

    public MessageNumber Number => MessageNumber.GlobalRequest;

    public static GlobalRequestMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        return new(reader.ReadText(), reader.ReadBoolean(), reader.Rest);
    }

    public void Write(SshWriter writer)
    {
        writer.WriteText(Name);
        writer.WriteBoolean(WantReply);
        writer.WriteBytes(Data);
    }
}

// RFC 4254, section 7.1 ("tcpip-forward" and "cancel-tcpip-forward")
//   string    address to bind (e.g., "0.0.0.0")
//   uint32    port number to bind
internal readonly record struct ForwardFields(string Address, int Port)
{
    public static ForwardFields Parse(ReadOnlySpan<byte> fields)
    {
        var reader = new SshReader(fields);
        var message = new ForwardFields(reader.ReadText(), PortNumber.Read(ref reader));
        reader.ReadEnd();
        return message;
    }

    public void Write(SshWriter writer)
    {
        writer.WriteText(Address);
        writer.WriteUInt32((uint)Port);
    }
}

// RFC 4254, section 4
//   byte      SSH_MSG_REQUEST_SUCCESS
//   ....      response specific data
// RFC 4254, section 7.1: for "tcpip-forward" with port 0
//   uint32    port that was bound on the server
internal readonly record struct RequestSuccessMessage(int? BoundPort) : IMessage
{
    public MessageNumber Number => MessageNumber.RequestSuccess;

    public static int ParseBoundPort(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        return PortNumber.Read(ref reader);
    }

    public void Write(SshWriter writer)
    {
        if (BoundPort is { } port)
            writer.WriteUInt32((uint)port);
    }
}
