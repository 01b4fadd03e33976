namespace ActorTunnel.Engine.Rules;

/// <summary>The rules in their order: the first that matches decides, and when none does the connection is blocked. Immutable.</summary>
public sealed class RuleSet
{
    private readonly RuleMatcher[] _matchers;

    /// <summary>Rules in their order.</summary>
    /// <exception cref="FormatException">A host pattern of one is none.</exception>
    public RuleSet(IReadOnlyList<FilterRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Rules = rules;
        _matchers = [.. rules.Select(rule => new RuleMatcher(rule))];
    }

    /// <summary>Blocks everything.</summary>
    public static RuleSet Empty { get; } = new([]);

    /// <summary>In their order.</summary>
    public IReadOnlyList<FilterRule> Rules { get; }

    /// <summary>
    /// What becomes of this connection; null: a rule asks for the addresses of the name, which the caller finds out and adds (none when
    /// it does not resolve). A decision for <see cref="FilterAction.Direct"/> is not the last word, see <see cref="DirectGuard"/>.
    /// </summary>
    public Decision? Decide(ConnectionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (CanonicalHost.Parse(request.Host) is not { } host)
            return Blocked(null, request.Host, request.Port, "that is no host name and no address");
        foreach (var matcher in _matchers)
        {
            switch (matcher.Test(host, request))
            {
                case Condition.Holds:
                    return Decide(matcher.Rule, host, request);
                case Condition.AddressesNeeded:
                    return null;
            }
        }

        return Blocked(null, host.Text, request.Port, "no rule matches");
    }

    /// <summary>For <c>check</c>: each rule up to the one that decides, and why it does or does not match.</summary>
    public IEnumerable<(FilterRule Rule, Condition Condition)> Explain(ConnectionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (CanonicalHost.Parse(request.Host) is not { } host)
            yield break;
        foreach (var matcher in _matchers)
        {
            var condition = matcher.Test(host, request);
            yield return (matcher.Rule, condition);
            if (condition is Condition.Holds or Condition.AddressesNeeded)
                yield break;
        }
    }

    private static Decision Decide(FilterRule rule, CanonicalHost host, ConnectionRequest request)
    {
        if (rule.Action == FilterAction.Block)
        {
            var isUnknown = rule is { Resolve: true, Addresses.Count: > 0 } && host.Address is null && request.Addresses is { Count: 0 };
            return Blocked(
                rule, host.Text, request.Port, $"rule {rule.Name} blocks it{(isUnknown ? ", as the name does not resolve here" : "")}");
        }

        return new Decision(rule, rule.Action, rule.Destination ?? host.Text, rule.DestinationPort ?? request.Port)
        {
            SshHost = rule.HostFromApplication ? host.Text : null,
            Addresses = rule.Destination is null ? request.Addresses : null,
        };
    }

    private static Decision Blocked(FilterRule? rule, string host, int port, string refusal) =>
        new(rule, FilterAction.Block, host, port) { Refusal = refusal };
}
