using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

/// <summary>The maximum packet size of a channel. With 0 no byte could ever be sent, and its sender would wait for ever.</summary>
internal static class PacketSize
{
    public static uint Read(scoped ref SshReader reader)
    {
        var size = reader.ReadUInt32();
        return size > 0 ? size : throw SshReader.Malformed("a channel has packets of no size");
    }
}
