using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Messages;

// RFC 4253, section 7.1
//   byte         SSH_MSG_KEXINIT
//   byte[16]     cookie (random bytes)
//   name-list    kex_algorithms
//   name-list    server_host_key_algorithms
//   name-list    encryption_algorithms_client_to_server
//   name-list    encryption_algorithms_server_to_client
//   name-list    mac_algorithms_client_to_server
//   name-list    mac_algorithms_server_to_client
//   name-list    compression_algorithms_client_to_server
//   name-list    compression_algorithms_server_to_client
//   name-list    languages_client_to_server
//   name-list    languages_server_to_client
//   boolean      first_kex_packet_follows
//   uint32       0 (reserved for future extension)
internal sealed record KexInitMessage : IMessage
{
    public const int CookieSize = 16;

    public required byte[] Cookie { get; init; }

    public required IReadOnlyList<string> KeyExchange { get; init; }

    public required IReadOnlyList<string> HostKey { get; init; }

    public required IReadOnlyList<string> EncryptionToServer { get; init; }

    public required IReadOnlyList<string> EncryptionToClient { get; init; }

    public required IReadOnlyList<string> MacToServer { get; init; }

    public required IReadOnlyList<string> MacToClient { get; init; }

    public required IReadOnlyList<string> CompressionToServer { get; init; }

    public required IReadOnlyList<string> CompressionToClient { get; init; }

    public bool FirstKexPacketFollows { get; init; }

    public MessageNumber Number => MessageNumber.KexInit;

    public static KexInitMessage Parse(ReadOnlySpan<byte> packet)
    {
        var reader = new SshReader(packet[1..]);
        var cookie = reader.ReadBytes(CookieSize).ToArray();
        var keyExchange = reader.ReadNameList();
        var hostKey = reader.ReadNameList();
        var encryptionToServer = reader.ReadNameList();
        var encryptionToClient = reader.ReadNameList();
        var macToServer = reader.ReadNameList();
        var macToClient = reader.ReadNameList();
        var compressionToServer = reader.ReadNameList();
        var compressionToClient = reader.ReadNameList();
        reader.ReadString();
        reader.ReadString();
        var follows = reader.ReadBoolean();
        reader.ReadUInt32();
        reader.ReadEnd();
        return new()
        {
            Cookie = cookie,
            KeyExchange = keyExchange,
            HostKey = hostKey,
            EncryptionToServer = encryptionToServer,
            EncryptionToClient = encryptionToClient,
            MacToServer = macToServer,
            MacToClient = macToClient,
            CompressionToServer = compressionToServer,
            CompressionToClient = compressionToClient,
            FirstKexPacketFollows = follows,
        };
    }

    public void Write(SshWriter writer)
    {
        writer.WriteBytes(Cookie);
        writer.WriteNameList(KeyExchange);
        writer.WriteNameList(HostKey);
        writer.WriteNameList(EncryptionToServer);
        writer.WriteNameList(EncryptionToClient);
        writer.WriteNameList(MacToServer);
        writer.WriteNameList(MacToClient);
        writer.WriteNameList(CompressionToServer);
        writer.WriteNameList(CompressionToClient);
        writer.WriteNameList([]);
        writer.WriteNameList([]);
        writer.WriteBoolean(FirstKexPacketFollows);
        writer.WriteUInt32(0);
    }
}
