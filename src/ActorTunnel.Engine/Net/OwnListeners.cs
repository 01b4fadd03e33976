using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;

namespace ActorTunnel.Engine.Net;

/// <summary>Where this process listens: a client that is let in by one of its listeners must not come to another one as this machine.</summary>
internal static class OwnListeners
{
    private static readonly ConcurrentDictionary<TcpAcceptor, bool> _open = new();

    public static void Add(TcpAcceptor listener) => _open[listener] = true;

    public static void Remove(TcpAcceptor listener) => _open.TryRemove(listener, out _);

    /// <summary>Those on this port; one on all addresses is there with each address of this machine.</summary>
    public static IReadOnlyList<IPEndPoint> On(int port) =>
        [
            .. _open.Keys
                .Where(own => own.EndPoint.Port == port)
                .SelectMany(own => Each(own.EndPoint.Address))
                .Select(address => new IPEndPoint(address, port)),
        ];

    private static IEnumerable<IPAddress> Each(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        ? NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(own => own.Address)
            .Where(own => own.AddressFamily == address.AddressFamily)
        : [address];
}
