using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

/// <summary>A TCP port, which SSH carries as a uint32.</summary>
internal static class PortNumber
{
    public static int Read(scoped ref SshReader reader)
    {
        var port = reader.ReadUInt32();
        return port <= ushort.MaxValue ? (int)port : throw SshReader.Malformed("a port is above 65535");
    }
}
