using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4253, section 7.3      byte  SSH_MSG_NEWKEYS
// RFC 4252, section 5.1      byte  SSH_MSG_USERAUTH_SUCCESS
// RFC 4254, section 4        byte  SSH_MSG_REQUEST_FAILURE
/// <summary>A message that is its number and nothing else.</summary>
internal readonly record struct EmptyMessage(MessageNumber Number) : IMessage
{
    public static void Check(ReadOnlySpan<byte> packet) => new SshReader(packet[1..]).ReadEnd();

    public void Write(SshWriter writer)
    {
    }
}
