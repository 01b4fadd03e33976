using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

/// <summary>A message that can be sent: it writes itself whole, beginning with its number.</summary>
internal interface IMessage
{
    MessageNumber Number { get; }

    /// <summary>Writes what follows the number.</summary>
    void Write(SshWriter writer);
}
