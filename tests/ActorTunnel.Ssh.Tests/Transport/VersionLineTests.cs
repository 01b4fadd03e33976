using System.Text;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Transport;

public sealed class VersionLineTests
{
    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH-2.0-OpenSSH_9.2p1 Debian-2")]
    [InlineData("SSH-2.0-x\n", "SSH-2.0-x")]
    [InlineData("SSH-1.99-Cisco-1.25\r\n", "SSH-1.99-Cisco-1.25")]
    [InlineData("Welcome\r\n", null)]
    [InlineData("\n", null)]
    public void A_line_is_taken_when_it_is_whole(string text, string? expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text + "rest");
        for (var length = 0; length < text.Length; length++)
            Assert.False(VersionLine.TryRead(bytes.AsSpan(0, length), out _, out _));
        Assert.True(VersionLine.TryRead(bytes, out var consumed, out var version));
        Assert.Equal(text.Length, consumed);
        Assert.Equal(expected, version);
    }

    [Theory]
    [InlineData("SSH-1.5-old\r\n")]
    [InlineData("SSH-2.0-\u0001\r\n")]
    [InlineData("SSH-2.0\r\n")]
    public void Another_protocol_is_refused(string text) =>
        Assert.Throws<SshException>(() => VersionLine.TryRead(Encoding.ASCII.GetBytes(text), out _, out _));

    [Fact]
    public void A_version_is_at_most_255_bytes_with_its_line_end()
    {
        var longest = Encoding.ASCII.GetBytes("SSH-2.0-" + new string('x', 245) + "\r\n");
        Assert.True(VersionLine.TryRead(longest, out _, out _));
        Assert.Throws<SshException>(() => VersionLine.TryRead([.. longest[..^2], (byte)'x', (byte)'\r', (byte)'\n'], out _, out _));
        Assert.Throws<SshException>(() => VersionLine.TryRead([.. longest[..^2], .. "xxx"u8], out _, out _));
    }

    [Fact]
    public void A_greeting_without_end_is_refused() =>
        Assert.Throws<SshException>(() => VersionLine.TryRead(new byte[VersionLine.MaxOtherLength + 1], out _, out _));

    [Theory]
    [InlineData("Not allowed at this time\r\n", SshFailure.ClosedByPeer, "Its last words: Not allowed at this time")]
    [InlineData("Hello\r\nToo \u001b[31mmany\r\n\r\n", SshFailure.ClosedByPeer, "closed the SSH connection.")]
    [InlineData("Hello\r\nToo \u001b[31mmany\r\n", SshFailure.ClosedByPeer, "Its last words: Too [31mmany")]
    [InlineData("Hello\r\nSSH-2.0-", SshFailure.ConnectionLost, "Its last words: Hello")]
    [InlineData("", SshFailure.ClosedByPeer, "closed the SSH connection.")]
    public async Task A_server_that_leaves_without_a_version_has_the_last_word(string text, SshFailure failure, string end)
    {
        using var reader = new PacketReader(new PieceStream(Encoding.ASCII.GetBytes(text), () => 5), TimeProvider.System);
        var exception = await Assert.ThrowsAsync<SshException>(() => reader.ReadVersionAsync(VersionLine.MaxLinesBefore).AsTask());
        Assert.Equal(failure, exception.Failure);
        Assert.EndsWith(end, exception.Message, StringComparison.Ordinal);
    }
}
