using System.Text.Json;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Cli.Check;

/// <summary>A rule in words.</summary>
internal static class RuleText
{
    /// <summary>As the file writes it.</summary>
    public static string Word(FilterAction action) => JsonNamingPolicy.KebabCaseLower.ConvertName($"{action}");

    /// <summary>As in <c>host *.internal, ports 21</c>.</summary>
    public static string Conditions(RuleSection rule)
    {
        var conditions = new[]
        {
            Condition("host", rule.Host),
            rule.HostRegex is null ? null : $"host like {rule.HostRegex}",
            Condition(rule.Resolve ? "address, names resolved," : "address", rule.Address),
            Condition("ports", rule.Ports),
            Condition("client", rule.Client),
            Condition("user", rule.SocksUser),
        };
        var text = string.Join("; ", conditions.OfType<string>());
        return text.Length == 0 ? "everything" : text;
    }

    /// <summary>Why the rule does or does not match.</summary>
    public static string Reason(Condition condition, RuleSection rule, ConnectionRequest request) => condition switch
    {
        Engine.Rules.Condition.Holds => "matches",
        Engine.Rules.Condition.Ports => $"no: port {request.Port} is not {List(rule.Ports)}",
        Engine.Rules.Condition.Client => $"no: client {request.Client} is not {List(rule.Client)}",
        Engine.Rules.Condition.SocksUser when request.SocksUser is null => $"no: the client has no name, and is not {List(rule.SocksUser)}",
        Engine.Rules.Condition.SocksUser => $"no: {request.SocksUser} is not {List(rule.SocksUser)}",
        Engine.Rules.Condition.Host => $"no: {request.Host} is not {List(rule.Host)}",
        Engine.Rules.Condition.HostRegex => $"no: {request.Host} is not like {rule.HostRegex}",
        Engine.Rules.Condition.Address when rule.Resolve && request.Addresses is { } addresses =>
            $"no: {(addresses.Count == 0 ? $"{request.Host} does not resolve here" : string.Join(", ", addresses))}"
            + $" is not {(rule.Action == FilterAction.Block ? "" : "wholly ")}{List(rule.Address)}",
        Engine.Rules.Condition.Address => $"no: {request.Host} is not {List(rule.Address)}"
            + (CanonicalHost.Parse(request.Host)?.Address is null ? " (it is a name, and the rule does not resolve names)" : ""),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, null),
    };

    private static string? Condition(string name, IReadOnlyList<string> values) => values.Count == 0 ? null : $"{name} {List(values)}";

    private static string List(IReadOnlyList<string> values) => string.Join(", ", values);
}
