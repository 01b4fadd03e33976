using System.Text;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Transport;

/// <summary>A peer that breaks the rules of RFC 4253, sections 4 and 6: versions and packets.</summary>
public sealed class HostilePacketTests
{
    public static TheoryData<string> Versions => [.. _versions.Keys];

    public static TheoryData<string> Packets => [.. _packets.Keys];

    private static readonly Dictionary<string, (byte[] Bytes, string Phrase, DisconnectReason Reason)> _versions = new()
    {
        ["a version without end"] = ([.. "SSH-2.0-"u8, .. Filled(300)], "too long", DisconnectReason.ProtocolError),
        ["a version of 256 bytes"] = ([.. "SSH-2.0-"u8, .. Filled(246), .. "\r\n"u8], "too long", DisconnectReason.ProtocolError),
        ["a line without end"] = (Filled(1 << 20), "too long", DisconnectReason.ProtocolError),
        ["zero bytes"] = (new byte[100], "zero byte", DisconnectReason.ProtocolError),
        ["a zero byte in a line before"] = ([.. "hello\0\n"u8], "zero byte", DisconnectReason.ProtocolError),
        ["control characters"] = ([.. "SSH-2.0-\u001b[2J\r\n"u8], "not printable", DisconnectReason.ProtocolError),
        ["bytes above 127"] = ([.. "SSH-2.0-"u8, 0xff, 0xfe, (byte)'\n'], "not printable", DisconnectReason.ProtocolError),
        ["version 1"] = ([.. "SSH-1.5-old\r\n"u8], "not SSH version 2", DisconnectReason.ProtocolVersionNotSupported),
        ["version 3"] = ([.. "SSH-3.0-new\r\n"u8], "not SSH version 2", DisconnectReason.ProtocolVersionNotSupported),
        ["thousands of lines"] = (Repeated("hello\r\n", 5000), "too many lines", DisconnectReason.ProtocolError),
        ["thousands of empty lines"] = (Repeated("\n", 5000), "too many lines", DisconnectReason.ProtocolError),
    };

    // packet_length, padding_length, payload, padding: nothing is encrypted yet
    private static readonly Dictionary<string, (byte[] Bytes, string Phrase)> _packets = new()
    {
        ["a length of 0"] = ([0, 0, 0, 0, 0, 0, 0, 0], "length"),
        ["a length of 1"] = ([0, 0, 0, 1, 0, 0, 0, 0], "length"),
        ["a length of 5"] = ([0, 0, 0, 5, 4, 0, 0, 0, 0], "length"),
        ["a length of 2^31"] = ([0x80, 0, 0, 0, 0, 0, 0, 0], "length"),
        ["a length of 2^32 - 1"] = ([255, 255, 255, 255, 0, 0, 0, 0], "length"),
        ["a length of 2^32 - 4"] = ([255, 255, 255, 252, 0, 0, 0, 0], "length"),
        ["a length over the limit"] = ([0, 4, 0, 4, 0, 0, 0, 0], "length"),
        ["a length that is no multiple of the block"] = ([0, 0, 0, 13, 4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "length"),
        ["no padding"] = ([0, 0, 0, 12, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "padding"),
        ["3 bytes of padding"] = ([0, 0, 0, 12, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "padding"),
        ["nothing but padding"] = ([0, 0, 0, 12, 11, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "padding"),
        ["more padding than packet"] = ([0, 0, 0, 12, 200, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "padding"),
    };

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_server_with_an_impossible_version_is_told(string name)
    {
        var (bytes, phrase, reason) = _versions[name];
        await using var peer = ScriptedPeer.Server();
        _ = peer.SendBytesAsync(bytes);
        await ReadVersionAsync(peer);
        await peer.AssertEndsAsync(phrase, reason);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_client_with_an_impossible_version_is_told(string name)
    {
        var (bytes, phrase, reason) = _versions[name];
        await using var peer = ScriptedPeer.Client();
        _ = peer.SendBytesAsync(bytes);
        await ReadVersionAsync(peer);
        await peer.AssertEndsAsync(phrase, reason);
    }

    [Fact]
    public async Task Only_a_server_may_greet_before_its_version()
    {
        await using var peer = ScriptedPeer.Client();
        await peer.SendBytesAsync([.. "hello\r\nSSH-2.0-x\r\n"u8]);
        await ReadVersionAsync(peer);
        await peer.AssertEndsAsync("too many lines");
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public async Task A_server_whose_packet_is_not_possible_is_told(string name)
    {
        await using var peer = ScriptedPeer.Server();
        await peer.ExchangeVersionsAsync();
        await peer.SendBytesAsync(_packets[name].Bytes);
        await peer.AssertEndsAsync(_packets[name].Phrase);
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public async Task A_client_whose_packet_is_not_possible_is_told(string name)
    {
        await using var peer = ScriptedPeer.Client();
        await peer.ExchangeVersionsAsync();
        await peer.SendBytesAsync(_packets[name].Bytes);
        await peer.AssertEndsAsync(_packets[name].Phrase);
    }

    [Fact]
    public async Task A_packet_under_no_key_of_ours_is_told_as_such()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        await peer.SendBytesAsync([0, 0, 0, 16, .. new byte[32]]);
        await peer.AssertEndsAsync("did not authenticate", DisconnectReason.MacError);
    }

    [Fact]
    public async Task An_end_of_stream_inside_a_packet_is_a_lost_connection()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        await peer.SendBytesAsync(0, 0, 0, 16, 1);
        await peer.Stream.DisposeAsync();
        Assert.Equal(SshFailure.ConnectionLost, (await peer.Ended.WaitAsync(MemoryPair.Bound)).Failure);
    }

    [Fact]
    public async Task A_giant_packet_that_is_allowed_is_passed_over()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.BeginAsync(message => message with { KeyExchange = KeyAgreements.Names });
        // 256 KiB of SSH_MSG_IGNORE
        await peer.SendBytesAsync([0, 3, 0xff, 0xfc, 4, (byte)MessageNumber.Ignore, .. new byte[(256 * 1024) - 6]]);
        await peer.AgreeAsync();
        peer.SendNewKeys();
        await peer.ReadNewKeysAsync();
        await peer.ReadAsync(MessageNumber.ServiceRequest);
    }

    private static async Task ReadVersionAsync(ScriptedPeer peer)
    {
        var line = new List<byte>();
        var one = new byte[1];
        do
        {
            await peer.Stream.ReadExactlyAsync(one).AsTask().WaitAsync(MemoryPair.Bound);
            line.Add(one[0]);
        }
        while (one[0] != '\n');
        Assert.Equal(VersionLine.Ours + "\r\n", Encoding.ASCII.GetString([.. line]));
    }

    private static byte[] Filled(int count) => [.. Enumerable.Repeat((byte)'x', count)];

    private static byte[] Repeated(string line, int count) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, count)));
}
