using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Channels;

public sealed class ClientConnectionTests
{
    [Fact]
    public async Task Any_packet_of_the_servers_is_a_sign_of_life()
    {
        var clock = new ManualClock();
        await using var peer = new RawPeer(clock);
        var (_, number) = await peer.OpenAsync(MemoryPair.Window);
        Assert.Equal(0, peer.Client.LastReceived);
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(0, peer.Client.LastReceived);
        peer.SendData(number, 1);
        peer.Send(new KeepAliveMessage());
        await peer.ReadAsync(MessageNumber.RequestFailure); // the loop has seen both
        Assert.Equal(TimeSpan.FromSeconds(7), clock.GetElapsedTime(0, peer.Client.LastReceived));
    }
}
