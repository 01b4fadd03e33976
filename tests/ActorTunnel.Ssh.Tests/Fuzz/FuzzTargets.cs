using System.Text;
using ActorTunnel.Ssh.Authentication.Agent;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Keys.KnownHosts;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Keys;
using ActorTunnel.Ssh.Tests.Keys.Certificates;
using ActorTunnel.Ssh.Tests.Messages;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Tests.Fuzz;

/// <summary>
/// Everything that reads what others wrote. A target takes any bytes and returns, or throws <see cref="SshException"/>; whatever else
/// it throws is a defect, and so is a claim of its own that does not hold. A new parser is one line here.
/// </summary>
internal static class FuzzTargets
{
    public delegate void Target(ReadOnlySpan<byte> input);

    public static IReadOnlyDictionary<string, (Target Run, IReadOnlyList<byte[]> Samples)> All { get; } = Create();

    private static Dictionary<string, (Target Run, IReadOnlyList<byte[]> Samples)> Create()
    {
        var targets = new Dictionary<string, (Target Run, IReadOnlyList<byte[]> Samples)>
        {
            ["version line"] = (
                FuzzProperties.VersionLineIsSplitInvariant,
                Texts("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "hello\r\nSSH-1.99-x\n")),
            ["wire types"] = (ReadTypes, [Fields.Of((byte)0, true, 7u, "text", "a,b,c", 2u, (byte)0, (byte)0x80)]),
            ["text of the peer"] = (CleanText, Texts("hello \u001b[2J\u202e\n", "\ud83d\ude00 caf\u00e9")),
            ["negotiation"] = (Packet(FuzzProperties.Negotiate), [KexInit(SshRole.Client), KexInit(SshRole.Server)]),
            ["publickey fields"] = (bytes => PublicKeyFields.Parse(bytes), [Fields.Of(true, "ssh-ed25519", "blob", "signature")]),
            ["password fields"] = (bytes => PasswordFields.Parse(bytes), [Fields.Of(false, "secret")]),
            ["public key"] = (
                bytes => PublicKey.Parse(bytes),
                [.. FuzzKeys.All.Select(key => key.PublicKey.Blob.ToArray()), .. Certificates]),
            ["public key line"] = (bytes => PublicKey.ParseLine(Encoding.UTF8.GetString(bytes)), [.. Lines("")]),
            ["known_hosts line"] = (
                bytes => KnownHostsLine.Parse(Encoding.Latin1.GetString(bytes)),
                [
                    .. Lines("host,[10.0.0.1]:22 "),
                    .. Lines("@revoked * "),
                    .. Lines("|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM= "),
                ]),
            ["host names"] = (
                bytes => HostNames.Parse(Encoding.UTF8.GetString(bytes))?.Match("[host.example.com]:2222"),
                Texts("*.example.com,!host?,[h]:22", "|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM=")),
            ["key file"] = (bytes => KeyFile.Parse("key", bytes.ToArray()).PublicKey?.ToLine(), [.. KeyFiles]),
            ["agent's list"] = (bytes => AgentMessages.ParseList(bytes), [Fields.Of((byte)12, 1u, Blob(FuzzKeys.All[0]), "comment")]),
            ["agent's signature"] = (
                bytes => AgentMessages.ParseSignature(bytes, "ssh-ed25519"),
                [Fields.Of((byte)14, (uint)FuzzKeys.Signature(FuzzKeys.All[0]).Length, FuzzKeys.Signature(FuzzKeys.All[0]))]),
            ["connection, client"] = (bytes => FuzzProperties.ConnectionSurvives(bytes), [.. Stream()]),
        };

        foreach (var (name, message) in MessageParseTests.Messages)
            targets["message " + name] = (Packet(message.Parse), [message.Sample]);
        foreach (var key in FuzzKeys.All)
            targets["signature " + key.PublicKey.Type] = (bytes => key.PublicKey.Verify(
                key.PublicKey.SignatureAlgorithms[0], "data"u8, bytes), [FuzzKeys.Signature(key)]);
        foreach (var name in KeyAgreements.Names)
        {
            var agreement = KeyAgreements.Create(name);
            targets["kex " + name] = (bytes => FuzzProperties.Agree(agreement, bytes), [FuzzKeys.AgreementValue(name)]);
        }

        targets["packets in plain"] = (bytes => FuzzProperties.PacketsAreSplitInvariant(null, bytes), [FuzzProperties.Sealed(null)]);
        foreach (var names in Protections.All)
        {
            targets[$"packets {names.Cipher} {names.Mac}".TrimEnd()] =
                (bytes => FuzzProperties.PacketsAreSplitInvariant(names, bytes), [FuzzProperties.Sealed(names)]);
        }

        return targets;
    }

    /// <summary>A packet is never empty: <see cref="ActorTunnel.Ssh.Transport.PacketLimits.MinPacketLength"/>.</summary>
    private static Target Packet(MessageParseTests.Parser parse) => bytes =>
    {
        if (!bytes.IsEmpty)
            parse(bytes);
    };

    private static IEnumerable<byte[]> Certificates =>
        FuzzKeys.All.Select(key => new CertificateMaker(FuzzKeys.All[0], key.PublicKey).Make());

    private static IEnumerable<byte[]> KeyFiles => Texts(OpenSslKeys.Ed25519, OpenSslKeys.Ed25519EncryptedAes256Sha256);

    private static byte[] Blob(PrivateKey key) => Fields.Of((uint)key.PublicKey.Blob.Length, key.PublicKey.Blob.ToArray());

    private static byte[] KexInit(SshRole role)
    {
        var message = new Proposal(role, SshAlgorithms.Ciphers, SshAlgorithms.HostKeys).ToMessage(isFirst: true) with
        {
            Cookie = new byte[KexInitMessage.CookieSize],
        };
        return [(byte)MessageNumber.KexInit, .. CertificateMaker.Write(message.Write)];
    }

    private static IEnumerable<byte[]> Lines(string before) =>
        FuzzKeys.All.Select(key => Encoding.UTF8.GetBytes($"{before}{key.PublicKey.ToLine()} comment"));

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whole conversations of a server after the login, each message with its length before it.</summary>
    private static IEnumerable<byte[]> Stream()
    {
        byte[][] messages =
        [
            Fields.Of((byte)MessageNumber.ChannelOpenConfirmation, 0u, 7u, 1000u, 1000u),
            Fields.Of((byte)MessageNumber.ChannelData, 0u, "hello"),
            Fields.Of((byte)MessageNumber.ChannelExtendedData, 0u, 1u, "error"),
            Fields.Of((byte)MessageNumber.ChannelWindowAdjust, 0u, 1000u),
            Fields.Of((byte)MessageNumber.ChannelRequest, 0u, "exit-status", true, 0u),
            Fields.Of((byte)MessageNumber.GlobalRequest, "keepalive@openssh.com", true),
            Fields.Of((byte)MessageNumber.RequestSuccess, 2000u),
            Fields.Of((byte)MessageNumber.ChannelOpen, "forwarded-tcpip", 5u, 1000u, 1000u, "localhost", 2000u, "10.0.0.1", 5u),
            Fields.Of((byte)MessageNumber.ChannelData, 2u, "hello"),
            Fields.Of((byte)MessageNumber.ChannelOpenFailure, 1u, 2u, "refused", ""),
            Fields.Of((byte)MessageNumber.ChannelEof, 0u),
            Fields.Of((byte)MessageNumber.ChannelClose, 0u),
        ];
        yield return [.. messages.SelectMany(message => Fields.Of((uint)message.Length, message))];
        yield return [.. messages.Reverse().SelectMany(message => Fields.Of((uint)message.Length, message))];
    }

    private static void ReadTypes(ReadOnlySpan<byte> input)
    {
        var reader = new SshReader(input);
        while (!reader.AtEnd)
        {
            var before = reader.Rest.Length;
            switch (reader.ReadByte() % 7)
            {
                case 0:
                    reader.ReadBoolean();
                    break;
                case 1:
                    reader.ReadUInt32();
                    break;
                case 2:
                    reader.ReadString();
                    break;
                case 3:
                    reader.ReadText();
                    break;
                case 4:
                    Assert.DoesNotContain(reader.ReadNameList(), name => name.Contains(',', StringComparison.Ordinal));
                    break;
                case 5:
                    Assert.False(reader.ReadPositiveMpint() is [0, ..]);
                    break;
                default:
                    reader.ReadDisplayText();
                    break;
            }

            Assert.True(reader.Rest.Length < before);
        }
    }

    private static void CleanText(ReadOnlySpan<byte> input)
    {
        var line = PeerText.Line(Encoding.UTF8.GetString(input));
        Assert.InRange(line.Length, 0, PeerText.MaxLine + 5);
        Assert.DoesNotContain(line, char.IsControl);
    }
}
