using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>The outcome of negotiation (RFC 4253, section 7.1): for each list, the client's first that the server has too.</summary>
internal sealed record AgreedAlgorithms(string KeyExchange, string HostKey, ProtectionNames ToServer, ProtectionNames ToClient)
{
    /// <summary>Characters of one list in an error: enough for any list of ours and of OpenSSH's whole.</summary>
    private const int MaxShown = 600;

    /// <exception cref="SshException"><see cref="SshFailure.NoCommonAlgorithm"/>, showing both lists.</exception>
    public static AgreedAlgorithms Negotiate(KexInitMessage client, KexInitMessage server)
    {
        Choose("compression", client.CompressionToServer, server.CompressionToServer);
        Choose("compression", client.CompressionToClient, server.CompressionToClient);
        return new(
            Choose("key exchange", client.KeyExchange, server.KeyExchange),
            Choose("host key", client.HostKey, server.HostKey),
            Protection(client.EncryptionToServer, server.EncryptionToServer, client.MacToServer, server.MacToServer),
            Protection(client.EncryptionToClient, server.EncryptionToClient, client.MacToClient, server.MacToClient));
    }

    /// <summary>
    /// RFC 4253, section 7.1: a packet sent on the guess that both prefer the same is ignored unless both do.
    /// </summary>
    public static bool IsGuessRight(KexInitMessage client, KexInitMessage server) =>
        IsFirstSame(client.KeyExchange, server.KeyExchange) && IsFirstSame(client.HostKey, server.HostKey);

    // A cipher that authenticates by itself needs no MAC: the lists may then have nothing in common (OpenSSH's PROTOCOL, section 1.6).
    private static ProtectionNames Protection(
        IReadOnlyList<string> clientCiphers,
        IReadOnlyList<string> serverCiphers,
        IReadOnlyList<string> clientMacs,
        IReadOnlyList<string> serverMacs)
    {
        var cipher = Choose("encryption", clientCiphers, serverCiphers);
        return new(cipher, PacketProtection.NeedsMac(cipher) ? Choose("MAC", clientMacs, serverMacs) : null);
    }

    private static bool IsFirstSame(IReadOnlyList<string> client, IReadOnlyList<string> server) =>
        client.Count > 0 && server.Count > 0 && client[0] == server[0];

    private static string Choose(string what, IReadOnlyList<string> client, IReadOnlyList<string> server) =>
        client.FirstOrDefault(name => server.Contains(name) && !Proposal.Markers.Contains(name)) ?? throw new SshException(
            SshFailure.NoCommonAlgorithm,
            $"Client and server have no {what} algorithm in common: the client offers {Show(client)}; the server offers {Show(server)}.");

    private static string Show(IReadOnlyList<string> names) =>
        names.Count == 0 ? "none" : PeerText.Clean(string.Join(", ", names), MaxShown, keepLines: false);
}
