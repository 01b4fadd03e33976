namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>Which end of the connection this is. Nearly everything is the same for both.</summary>
internal enum SshRole
{
    Client,
    Server,
}
