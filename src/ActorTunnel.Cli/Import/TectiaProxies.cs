using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli.Import;

/// <summary>Tectia's outbound proxy rules, which ours are like: other names for the kinds of proxies.</summary>
internal static class TectiaProxies
{
    /// <summary>Null: directly, or nothing that can be said here.</summary>
    public static string? Convert(TectiaElement proxy)
    {
        if (proxy.Text("ruleset") is not { } ruleset)
            return null;
        var rules = new List<string>();
        foreach (var rule in ruleset.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var converted = rule.Replace("http-connect://", "http://", StringComparison.OrdinalIgnoreCase);
            if (IsKnown(converted))
                rules.Add(converted);
            else
            {
                proxy.Note("ruleset", $"rule {Name(rule)} cannot be said here, and was left out: only SOCKS 5 (socks5://) and HTTP CONNECT"
                    + " are spoken, destinations are names, addresses and networks, and a password stands in proxyPasswordFile");
            }
        }

        return rules is [] or ["direct://" or "direct:///"] ? null : string.Join(';', rules);
    }

    private static bool IsKnown(string rule)
    {
        try
        {
            return ProxyRules.Parse(rule).Count == 1;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // What stands before an @ may be a password.
    private static string Name(string rule)
    {
        var at = rule.LastIndexOf('@');
        return at < 0 ? $"'{rule}'" : $"'...{rule[at..]}'";
    }
}
