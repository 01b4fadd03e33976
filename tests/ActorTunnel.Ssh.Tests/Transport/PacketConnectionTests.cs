using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;

namespace ActorTunnel.Ssh.Tests.Transport;

public sealed class PacketConnectionTests
{
    [Fact]
    public async Task A_stream_that_fails_in_an_unusual_way_ends_the_connection_all_the_same()
    {
        var readOnly = new MemoryStream([], writable: false); // to write to it is not supported, which is no IOException
        var connection = new PacketConnection(readOnly, TimeProvider.System);
        connection.Start();
        connection.Output.Post(new EmptyMessage(MessageNumber.RequestFailure));
        Assert.Equal(SshFailure.ConnectionLost, (await connection.End.Cause.WaitAsync(MemoryPair.Bound)).Failure);
        await connection.Completion.WaitAsync(MemoryPair.Bound);
        connection.Dispose();
    }
}
