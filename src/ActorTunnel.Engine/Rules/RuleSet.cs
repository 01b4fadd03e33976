namespace ActorTunnel.Engine.Rules;

/// <summary>The rules in their order: the first that matches decides, and when none does the connection is blocked. Immutable.</summary>
public sealed class RuleSet(IReadOnlyList<FilterRule> rules)
{
    /// <summary>Blocks everything.</summary>
    public static RuleSet Empty { get; } = new([]);

    /// <summary>In their order.</summary>
    public IReadOnlyList<FilterRule> Rules { get; } = rules;

    /// <summary>
    /// What becomes of this connection; null: a rule asks for the addresses of the name, which the caller finds out and adds.
    /// </summary>
    public Decision? Decide(ConnectionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (var rule in Rules)
        {
            if (rule.Hosts.Count > 0 && !rule.Hosts.Contains(request.Host, StringComparer.OrdinalIgnoreCase))
                continue;
            if (rule.Ports.Count > 0 && !rule.Ports.Any(range => request.Port >= range.Low && request.Port <= range.High))
                continue;
            return new Decision(rule, rule.Action, rule.Destination ?? request.Host, rule.DestinationPort ?? request.Port)
            {
                Refusal = rule.Action == FilterAction.Block ? $"rule {rule.Name} blocks it" : null,
                SshHost = rule.HostFromApplication ? request.Host : null,
            };
        }

        return new Decision(null, FilterAction.Block, request.Host, request.Port) { Refusal = "no rule matches" };
    }
}
