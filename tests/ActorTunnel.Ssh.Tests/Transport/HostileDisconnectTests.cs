using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Transport;

/// <summary>How a peer may say goodbye (RFC 4253, section 11.1), and what a person here reads of it.</summary>
public sealed class HostileDisconnectTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_giant_farewell_that_drives_terminals_is_one_short_line(bool isLoggedIn)
    {
        await using var peer = ScriptedPeer.Server();
        if (isLoggedIn)
            await peer.LoginAsync();
        else
            await peer.ExchangeVersionsAsync();
        peer.Send(MessageNumber.Disconnect, uint.MaxValue, "\u001b[2J\r\nforged line\u202e" + new string('x', 30_000), "");
        var packets = await peer.ReadToEndAsync();
        var end = await peer.Ended.WaitAsync(MemoryPair.Bound);
        Assert.Equal(SshFailure.ClosedByPeer, end.Failure);
        Assert.InRange(end.Message.Length, 10, 500);
        Assert.DoesNotContain(end.Message, character => char.IsControl(character) || character == '\u202e');
        Assert.DoesNotContain(packets, packet => (MessageNumber)packet[0] == MessageNumber.Disconnect); // nobody is there to hear one
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0, 0, 0, 2 })]
    [InlineData(new byte[] { 0, 0, 0, 2, 255, 255, 255, 255 })]
    public async Task A_farewell_that_cannot_be_read_is_a_broken_protocol(byte[] body)
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        peer.Send(new RawMessage(MessageNumber.Disconnect, body));
        await peer.AssertEndsAsync("malformed");
    }

    [Fact]
    public async Task Whoever_breaks_two_rules_hears_of_the_first_once()
    {
        await using var peer = ScriptedPeer.Server();
        await peer.LoginAsync();
        for (var i = 0; i < 100; i++)
            peer.Send(MessageNumber.NewKeys);
        await peer.AssertEndsAsync("message 21");
    }
}
