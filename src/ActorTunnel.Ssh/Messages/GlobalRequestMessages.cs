using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4254, section 4
//   byte      SSH_MSG_GLOBAL_REQUEST
//   string    request name in US-ASCII only
//   boolean   want reply
//   ....      request-specific data follows
internal readonly ref struct GlobalRequestMessage(string name, bool wantReply)
{
    public const string TcpipForward = "tcpip-forward";
    public const string CancelTcpipForward = "cancel-tcpip-forward";

    public string Name { get; } = name;

    public bool WantReply { get; } = wantReply;

    /// <summary>Read only when the name is known.</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    public static GlobalRequestMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        return new(reader.ReadText(), reader.ReadBoolean()) { Data = reader.Rest };
    }
}

/// <summary>A request that everybody answers, if only with a failure: the peer lives.</summary>
internal readonly record struct KeepAliveMessage : IMessage
{
    public MessageNumber Number => MessageNumber.GlobalRequest;

    public void Write(SshWriter writer)
    {
        writer.WriteText("keepalive@openssh.com");
        writer.WriteBoolean(true);
    }
}

/// <summary>"tcpip-forward" or "cancel-tcpip-forward".</summary>
internal readonly record struct ForwardRequestMessage(string Name, bool WantReply, ForwardFields Fields) : IMessage
{
    public MessageNumber Number => MessageNumber.GlobalRequest;

    public void Write(SshWriter writer)
    {
        writer.WriteText(Name);
        writer.WriteBoolean(WantReply);
        Fields.Write(writer);
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
        var port = PortNumber.Read(ref reader);
        return port > 0 ? port : throw SshReader.Malformed("port 0 cannot have been bound");
    }

    public void Write(SshWriter writer)
    {
        if (BoundPort is { } port)
            writer.WriteUInt32((uint)port);
    }
}
