using System.Net;

namespace ActorTunnel.Engine.Rules;

/// <summary>One rule, made ready to be compared. Immutable.</summary>
internal sealed class RuleMatcher
{
    private readonly HostPattern[] _hosts;

    /// <exception cref="FormatException">One of the patterns is none.</exception>
    public RuleMatcher(FilterRule rule)
    {
        Rule = rule;
        _hosts = [.. rule.Hosts.Select(HostPattern.Parse)];
    }

    public FilterRule Rule { get; }

    /// <summary>The first condition that does not hold. Addresses come last: to know them costs a question to a resolver.</summary>
    public Condition Test(CanonicalHost host, ConnectionRequest request)
    {
        if (Rule.Ports.Count > 0 && !Rule.Ports.Any(range => request.Port >= range.Low && request.Port <= range.High))
            return Condition.Ports;
        if (Rule.Clients.Count > 0 && !Rule.Clients.Any(range => range.Contains(request.Client)))
            return Condition.Client;
        if (Rule.SocksUsers.Count > 0 && (request.SocksUser is null || !Rule.SocksUsers.Contains(request.SocksUser)))
            return Condition.SocksUser;
        if (_hosts.Length > 0 && !_hosts.Any(pattern => pattern.Matches(host)))
            return Condition.Host;
        if (Rule.HostRegex?.IsMatch(host.Text) == false)
            return Condition.HostRegex;
        return Rule.Addresses.Count == 0 ? Condition.Holds : TestAddresses(host, request.Addresses);
    }

    private Condition TestAddresses(CanonicalHost host, IReadOnlyList<IPAddress>? resolved)
    {
        if (host.Address is { } address)
            return IsNamed(address) ? Condition.Holds : Condition.Address;
        if (!Rule.Resolve)
            return Condition.Address;
        if (resolved is null)
            return Condition.AddressesNeeded;

        // What does not resolve here may resolve at the SSH server: then nobody can say that it is not blocked.
        var holds = Rule.Action == FilterAction.Block
            ? resolved.Count == 0 || resolved.Any(IsNamed)
            : resolved.Count > 0 && resolved.All(IsNamed);
        return holds ? Condition.Holds : Condition.Address;
    }

    private bool IsNamed(IPAddress address) => Rule.Addresses.Any(range => range.Contains(address));
}
