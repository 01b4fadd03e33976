using System.Net;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.Sessions.Socks;

/// <summary>
/// Where the data connections of SOCKS clients find the FTP session that they belong to: a second CONNECT goes to who expects it on that
/// port, and a PORT finds the BIND whose address it names. Both only among connections of the same client: address and SOCKS user.
/// One per engine; called from any thread. What is registered lives as long as its actor, which takes it back.
/// </summary>
internal sealed class Rendezvous
{
    /// <summary>One client's transfers at a time in active mode, with room for those that have just ended.</summary>
    public const int MaxReservations = 32;

    private readonly Lock _gate = new(); // guards all below
    private readonly Dictionary<(Party Party, int Port), Expected> _expected = [];
    private readonly Dictionary<(Party Party, IPEndPoint EndPoint), IActorRef> _reserved = [];

    /// <summary>
    /// A CONNECT of this client to the port of one of these hosts is for <paramref name="owner"/>. False when that port is taken: a client
    /// may know this machine by several addresses.
    /// </summary>
    public bool TryExpect(Party party, int port, IEnumerable<string> hosts, IActorRef owner)
    {
        var expected = new Expected([.. hosts.Select(Canonical)], owner);
        lock (_gate)
            return _expected.TryAdd((party, port), expected);
    }

    public void Forget(Party party, int port, IActorRef owner)
    {
        lock (_gate)
        {
            if (_expected.TryGetValue((party, port), out var expected) && expected.Owner.Equals(owner))
                _expected.Remove((party, port));
        }
    }

    /// <summary>Whose data connection that is; null: it is none. Should another come, the owner hears of it too.</summary>
    public IActorRef? Find(Party party, string host, int port)
    {
        var canonical = Canonical(host);
        lock (_gate)
            return _expected.TryGetValue((party, port), out var expected) && expected.Hosts.Contains(canonical) ? expected.Owner : null;
    }

    /// <summary>A PORT of this client that names this address of ours is for <paramref name="owner"/>. False: it has too many.</summary>
    public bool TryReserve(Party party, IPEndPoint endPoint, IActorRef owner)
    {
        lock (_gate)
            return _reserved.Keys.Count(reserved => reserved.Party == party) < MaxReservations && _reserved.TryAdd((party, endPoint), owner);
    }

    public void Release(Party party, IPEndPoint endPoint)
    {
        lock (_gate)
            _reserved.Remove((party, endPoint));
    }

    /// <summary>Who has reserved that address, once; null: nobody.</summary>
    public IActorRef? Take(Party party, IPEndPoint endPoint)
    {
        lock (_gate)
            return _reserved.Remove((party, endPoint), out var owner) ? owner : null;
    }

    /// <summary>What is no host is compared as it is written.</summary>
    private static string Canonical(string host) => CanonicalHost.Parse(host)?.Text ?? host;

    /// <summary>Who a SOCKS client is.</summary>
    public sealed record Party(IPAddress Client, string? User);

    private sealed record Expected(HashSet<string> Hosts, IActorRef Owner);
}
