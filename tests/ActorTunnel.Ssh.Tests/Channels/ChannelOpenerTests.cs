using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Channels;

public sealed class ChannelOpenerTests
{
    [Fact]
    public async Task An_open_that_comes_as_the_connection_ends_does_not_wait_for_an_answer()
    {
        // The table closes first: whoever has reserved a number before meets the opener closed.
        var opener = new ChannelOpener(new ChannelTable(), new(new()));
        opener.Close(new(SshFailure.ConnectionLost, "gone"));
        var opening = opener.OpenAsync(
            ChannelOpenMessage.DirectTcpip, new("host", 21, "", 0), MemoryPair.Window, CancellationToken.None).AsTask();
        var exception = await Assert.ThrowsAsync<SshException>(() => opening.WaitAsync(MemoryPair.Bound));
        Assert.Equal(SshFailure.ConnectionLost, exception.Failure);
    }
}
