using System.Net;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// Clients of the SOCKS proxy that are no sessions yet, and how many of them have the same address: whoever only connects, and need not log
/// in for that, must not keep the others out.
/// </summary>
/// <param name="mostOfOneAddress">Then more of that address are not taken.</param>
internal sealed class SocksClients(int mostOfOneAddress)
{
    private readonly Dictionary<IActorRef, IPAddress> _addresses = [];
    private readonly Dictionary<IPAddress, int> _counts = [];

    public int Count => _addresses.Count;

    public bool IsFullFor(IPAddress address) => _counts.GetValueOrDefault(address) >= mostOfOneAddress;

    public void Add(IActorRef client, IPAddress address)
    {
        _addresses.Add(client, address);
        _counts[address] = _counts.GetValueOrDefault(address) + 1;
    }

    /// <summary>False: it was none.</summary>
    public bool Remove(IActorRef client)
    {
        if (!_addresses.Remove(client, out var address))
            return false;
        if (--_counts[address] == 0)
            _counts.Remove(address);
        return true;
    }
}
