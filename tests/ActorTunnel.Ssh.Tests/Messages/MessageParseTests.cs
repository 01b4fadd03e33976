using System.Buffers;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Messages;

/// <summary>Every parser of a message on what we write, on every part of it, and on arbitrary bytes.</summary>
public sealed class MessageParseTests
{
    internal delegate void Parser(ReadOnlySpan<byte> packet);

    public static TheoryData<string> Names => [.. Messages.Keys];

    internal static Dictionary<string, (Parser Parse, byte[] Sample, int Optional)> Messages { get; } = new()
    {
        ["DISCONNECT"] = (p => DisconnectMessage.Parse(p), Write(new DisconnectMessage(DisconnectReason.ByApplication, "bye")), 4),
        ["UNIMPLEMENTED"] = (p => UnimplementedMessage.Parse(p), Write(new UnimplementedMessage(7)), 0),
        ["SERVICE_REQUEST"] = (p => ServiceRequestMessage.Parse(p), Write(new ServiceRequestMessage("ssh-userauth")), 0),
        ["SERVICE_ACCEPT"] = (p => ServiceAcceptMessage.Parse(p), Write(new ServiceAcceptMessage("ssh-userauth")), 0),
        ["EXT_INFO"] = (p => ExtInfoMessage.Parse(p), Write(new ExtInfoMessage(["rsa-sha2-512", "ssh-ed25519"])), 0),
        ["KEXINIT"] = (p => KexInitMessage.Parse(p), Write(KexInit()), 0),
        ["NEWKEYS"] = (EmptyMessage.Check, Write(new EmptyMessage(MessageNumber.NewKeys)), 0),
        ["KEX_ECDH_INIT"] = (p => KexEcdhInitMessage.Parse(p), Write(new KexEcdhInitMessage("Q_C"u8)), 0),
        ["KEX_ECDH_REPLY"] = (p => KexEcdhReplyMessage.Parse(p), Write(new KexEcdhReplyMessage("K_S"u8, "Q_S"u8, "sig"u8)), 0),
        ["USERAUTH_FAILURE"] = (p => UserauthFailureMessage.Parse(p), Write(new UserauthFailureMessage(["password"], true)), 0),
        ["USERAUTH_BANNER"] = (p => UserauthBannerMessage.Parse(p), Write(new UserauthBannerMessage("welcome")), 0),
        ["USERAUTH_PK_OK"] = (p => UserauthPkOkMessage.Parse(p), Write(new UserauthPkOkMessage("ssh-ed25519", "blob"u8)), 0),
        ["USERAUTH_INFO_REQUEST"] = (
            p => UserauthInfoRequestMessage.Parse(p),
            Write(new UserauthInfoRequestMessage("name", "do", [("Password:", false), ("Code:", true)])),
            0),
        ["USERAUTH_INFO_RESPONSE"] = (
            p => UserauthInfoResponseMessage.Parse(p), Write(new UserauthInfoResponseMessage([[1, 2], []])), 0),
        ["CHANNEL_OPEN_CONFIRMATION"] = (
            p => ChannelOpenConfirmationMessage.Parse(p), Write(new ChannelOpenConfirmationMessage(1, 2, 3, 4)), 0),
        ["CHANNEL_OPEN_FAILURE"] = (
            p => ChannelOpenFailureMessage.Parse(p),
            Write(new ChannelOpenFailureMessage(1, ChannelOpenFailure.ConnectFailed, "refused")),
            0),
        ["CHANNEL_WINDOW_ADJUST"] = (p => ChannelWindowAdjustMessage.Parse(p), Write(new ChannelWindowAdjustMessage(1, 2)), 0),
        ["CHANNEL_DATA"] = (p => ChannelDataHeader.Parse(p, out _), [94, 0, 0, 0, 1, 0, 0, 0, 2, 5, 6], 0),
        ["CHANNEL_EXTENDED_DATA"] = (
            p => ChannelDataHeader.ParseExtended(p, out _), [95, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 5, 6], 0),
        ["CHANNEL_EOF"] = (
            p => ChannelSignalMessage.ParseRecipient(p), Write(new ChannelSignalMessage(MessageNumber.ChannelEof, 3)), 0),
        ["CHANNEL_OPEN"] = (
            p => TcpipFields.Parse(ChannelOpenMessage.Parse(p).TypeFields),
            Write(new TcpipOpenMessage("direct-tcpip", 1, 2, 3, new("host", 21, "10.0.0.1", 4711))),
            0),
        ["GLOBAL_REQUEST"] = (
            p => ForwardFields.Parse(GlobalRequestMessage.Parse(p).Data),
            Write(new ForwardRequestMessage("tcpip-forward", true, new("localhost", 0))),
            0),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_is_read(string name) => Messages[name].Parse(Messages[name].Sample);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_part_of_a_message_is_malformed(string name)
    {
        var (parse, sample, optional) = Messages[name];
        for (var length = 1; length < sample.Length - optional; length++)
        {
            var exception = Assert.Throws<SshException>(() => parse(sample.AsSpan(0, length)));
            Assert.Equal(SshFailure.ProtocolError, exception.Failure);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_byte_too_many_is_malformed(string name)
    {
        var (parse, sample, optional) = Messages[name];
        var hasTypeFields = name == "CHANNEL_OPEN_CONFIRMATION"; // none for the types used here, but allowed
        if (optional == 0 && !hasTypeFields)
            Assert.Throws<SshException>(() => parse([.. sample, 0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Arbitrary_bytes_are_read_or_malformed_and_nothing_else(string name)
    {
        var (parse, sample, _) = Messages[name];
        Prop.ForAll<byte[]>(bytes => IsReadOrMalformed(parse, [sample[0], .. bytes])).Check(Seeded.Cases);
        Prop.ForAll<int, byte>((position, value) =>
        {
            byte[] altered = [.. sample];
            altered[(int)((uint)position % (uint)altered.Length)] = value;
            return IsReadOrMalformed(parse, altered);
        }).Check(Seeded.Cases);
    }

    [Fact]
    public void The_fields_of_a_channel_open_survive()
    {
        var message = ChannelOpenMessage.Parse(Write(new TcpipOpenMessage("direct-tcpip", 1, 2, 3, new("host", 21, "10.0.0.1", 4711))));
        Assert.Equal(("direct-tcpip", 1u, 2u, 3u), (message.Type, message.SenderChannel, message.InitialWindow, message.MaximumPacket));
        Assert.Equal(new TcpipFields("host", 21, "10.0.0.1", 4711), TcpipFields.Parse(message.TypeFields));
    }

    [Fact]
    public void A_port_above_65535_is_malformed() => Assert.Throws<SshException>(() => ForwardFields.Parse([0, 0, 0, 0, 0, 1, 0, 0]));

    private static bool IsReadOrMalformed(Parser parse, byte[] packet)
    {
        try
        {
            parse(packet);
            return true;
        }
        catch (SshException exception)
        {
            return exception.Failure == SshFailure.ProtocolError;
        }
    }

    private static KexInitMessage KexInit() => new()
    {
        Cookie = new byte[16],
        KeyExchange = ["curve25519-sha256"],
        HostKey = ["ssh-ed25519"],
        EncryptionToServer = ["aes128-gcm@openssh.com"],
        EncryptionToClient = ["aes256-gcm@openssh.com"],
        MacToServer = [],
        MacToClient = [],
        CompressionToServer = ["none"],
        CompressionToClient = ["none"],
    };

    private static byte[] Write<T>(in T message)
        where T : IMessage, allows ref struct
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(output);
        writer.WriteByte((byte)message.Number);
        message.Write(writer);
        return output.WrittenSpan.ToArray();
    }
}
