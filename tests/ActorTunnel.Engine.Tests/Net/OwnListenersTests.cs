using System.Net;
using ActorTunnel.Engine.Net;

namespace ActorTunnel.Engine.Tests.Net;

public sealed class OwnListenersTests
{
    [Fact]
    public void A_listener_is_known_while_it_is_open()
    {
        var acceptor = TcpAcceptor.Listen(new IPEndPoint(IPAddress.Loopback, 0), 1);
        Assert.Contains(acceptor.EndPoint, OwnListeners.On(acceptor.EndPoint.Port));

        acceptor.Dispose();

        Assert.DoesNotContain(acceptor.EndPoint, OwnListeners.On(acceptor.EndPoint.Port));
    }

    [Fact]
    public void A_listener_on_all_addresses_is_there_with_each_of_this_machine()
    {
        using var acceptor = TcpAcceptor.Listen(new IPEndPoint(IPAddress.Any, 0), 1);

        var own = OwnListeners.On(acceptor.EndPoint.Port);

        Assert.Contains(new IPEndPoint(IPAddress.Loopback, acceptor.EndPoint.Port), own);
        Assert.All(own, endPoint => Assert.NotEqual(IPAddress.Any, endPoint.Address));
    }
}
