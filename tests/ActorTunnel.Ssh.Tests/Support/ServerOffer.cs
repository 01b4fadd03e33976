using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>What a server offers in its SSH_MSG_KEXINIT.</summary>
internal static class ServerOffer
{
    public static async Task<KexInitMessage> ReadAsync(Stream server)
    {
        using var connection = new PacketConnection(server, TimeProvider.System);
        await connection.ExchangeVersionsAsync(VersionLine.MaxLinesBefore).AsTask().WaitAsync(SshdClient.Bound);
        var packet = await connection.ReadAsync().AsTask().WaitAsync(SshdClient.Bound);
        connection.End.TryEnd(SshFailure.ClosedLocally, "The offer was read.");
        await connection.Completion;
        return KexInitMessage.Parse(packet.Span);
    }
}
