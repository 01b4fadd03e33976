using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ActorTunnel.Engine.Net;

/// <summary>Where this process listens: a client that is let in by one of its listeners must not come to another one as this machine.</summary>
public static class OwnListeners
{
    private static readonly ConcurrentDictionary<TcpAcceptor, bool> _open = new();

    internal static void Add(TcpAcceptor listener) => _open[listener] = true;

    internal static void Remove(TcpAcceptor listener) => _open.TryRemove(listener, out _);

    /// <summary>Those on this port; one on all addresses is there with each address of this machine.</summary>
    internal static IReadOnlyList<IPEndPoint> On(int port) =>
        [
            .. _open.Keys
                .Where(own => own.EndPoint.Port == port)
                .SelectMany(own => Each(own.EndPoint)),
        ];

    /// <summary>A listener with each of its addresses: one on all addresses has those of this machine.</summary>
    public static IEnumerable<IPEndPoint> Each(IPEndPoint listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(IPAddress.IPv6Any)
            ? AddressesHere(listener.AddressFamily).Select(address => new IPEndPoint(address, listener.Port))
            : [listener];
    }

    private static IEnumerable<IPAddress> AddressesHere(AddressFamily family) =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(own => own.Address)
            .Where(own => own.AddressFamily == family);
}
