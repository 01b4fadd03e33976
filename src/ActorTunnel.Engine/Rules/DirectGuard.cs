using System.Net;

namespace ActorTunnel.Engine.Rules;

/// <summary>
/// Keeps connections from this machine, without SSH, out of places where a client gets more rights by coming from here: this machine
/// itself, its link, its own listeners. A rule that means them must name them: by the address or <c>localhost</c> as its host, by
/// addresses that are all of that kind, or as its own destination. Another name does not do: what it means is said by others.
/// </summary>
public static class DirectGuard
{
    private static readonly (string Name, AddressRange Range)[] _places =
    [
        ("this machine (loopback)", AddressRange.Parse("127.0.0.0/8")),
        ("this machine (loopback)", AddressRange.Parse("::1")),
        ("this machine (an unspecified address)", AddressRange.Parse("0.0.0.0/8")),
        ("this machine (an unspecified address)", AddressRange.Parse("::")),
        ("this machine's link (link-local)", AddressRange.Parse("169.254.0.0/16")),
        ("this machine's link (link-local)", AddressRange.Parse("fe80::/10")),
        ("many machines (multicast)", AddressRange.Parse("224.0.0.0/4")),
        ("many machines (multicast)", AddressRange.Parse("ff00::/8")),
        ("many machines (broadcast)", AddressRange.Parse("255.255.255.255")),
    ];

    /// <summary>Why this connection is not made; null: nothing speaks against it.</summary>
    /// <param name="decision">For <see cref="FilterAction.Direct"/>, or of a rule with <see cref="FilterRule.FallbackToPlain"/>.</param>
    /// <param name="addresses">What will be connected to: these, not the name again, which could be another host's by then.</param>
    /// <param name="listeners">
    /// Those of this program; one on all addresses is given with each address of this machine. Port by port.
    /// </param>
    public static string? Refusal(Decision decision, IReadOnlyList<IPAddress> addresses, IReadOnlyCollection<IPEndPoint> listeners)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(listeners);
        if (decision.Rule is not { } rule)
            return decision.Refusal ?? "no rule matches";
        if (rule.Destination is not null || IsNamedExactly(rule, decision.Host))
            return null;
        foreach (var address in addresses)
        {
            var (place, range) = PlaceOf(new IPEndPoint(address, decision.Port), listeners);
            if (place is not null && !rule.Addresses.Any(named => named.Contains(address) && named.IsWithin(range)))
                return $"{address} is {place}, and rule {rule.Name} does not name it";
        }

        return null;
    }

    /// <summary>What is special about a place to connect to from this machine; null: nothing.</summary>
    /// <param name="target">The place.</param>
    /// <param name="listeners">As for <see cref="Refusal"/>.</param>
    public static (string? Name, AddressRange Range) PlaceOf(IPEndPoint target, IReadOnlyCollection<IPEndPoint> listeners)
    {
        ArgumentNullException.ThrowIfNull(target);
        var place = Array.Find(_places, place => place.Range.Contains(target.Address));
        return place.Name is null && listeners.Any(own => own.Port == target.Port && AddressRange.Of(own.Address).Contains(target.Address))
            ? ("a listener of this program", AddressRange.Of(target.Address))
            : place;
    }

    private static bool IsNamedExactly(FilterRule rule, string host) =>
        CanonicalHost.Parse(host) is ({ Address: not null } or { Text: "localhost" }) and var canonical
        && rule.Hosts.Select(HostPattern.Parse).Any(pattern => pattern.IsExact && pattern.Matches(canonical));
}
