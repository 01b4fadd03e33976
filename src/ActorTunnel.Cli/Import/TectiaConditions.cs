using System.Globalization;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Cli.Import;

/// <summary>Which connections a rule is for.</summary>
internal sealed class TectiaConditions
{
    private bool _saidWhole;

    /// <summary>They are looked at, though no rule is made of them.</summary>
    public static void Skip(TectiaElement match)
    {
        foreach (var name in (string[])["id", "network-id", "application", "host", "ip-address", "pseudo-ip"])
            match.Attribute(name);
    }

    /// <summary>A rule that blocks what they hold for; what cannot be said is added to the problems.</summary>
    public RuleSection Of(TectiaElement match, List<string> problems)
    {
        Skip(match);
        if (match.Text("application") is { } application && !TectiaExpression.IsAny(application))
        {
            match.Note("application", "has no equivalent: a SOCKS client does not say which program it is. Give it a SOCKS user of its own");
            problems.Add("the application");
        }

        if (match.Text("network-id") is not null)
        {
            match.Note("network-id", "has no equivalent: rules do not depend on where this machine is");
            problems.Add("the network");
        }

        if (match.Flag("pseudo-ip"))
        {
            match.Note("pseudo-ip", "is not needed: the SSH server resolves names, when clients send them (SOCKS 4a and 5)");
        }

        var rule = new RuleSection { Action = FilterAction.Block };
        if (match.Text("host") is { } host && !TectiaExpression.IsAny(host))
        {
            // "Takes precedence": with a host, ip-address says nothing.
            SayWhole(match, "host", host);
            if (match.Text("ip-address") is { } other && !TectiaExpression.IsAny(other))
                match.Note("ip-address", "host takes precedence, so it was left out");
            if (TectiaExpression.Hosts(host) is { } hosts)
                return rule with { Host = hosts };
            if (TectiaExpression.HostRegex(host) is { } expression)
                return rule with { HostRegex = expression };
            match.Note("host", $"'{host}' cannot be said as names, patterns or a regular expression without backtracking");
            problems.Add("the host");
        }
        else if (match.Text("ip-address") is { } address && !TectiaExpression.IsAny(address))
        {
            SayWhole(match, "ip-address", address);
            // Tectia compares what a name resolves to.
            if (TectiaExpression.Addresses(address) is { } addresses)
                return rule with { Address = addresses, Resolve = true };
            match.Note("ip-address", $"'{address}' cannot be said as addresses and networks (a dot alone stands for any letter)");
            problems.Add("the address");
        }

        return rule;
    }

    /// <summary>Once is enough.</summary>
    private void SayWhole(TectiaElement match, string attribute, string text)
    {
        if (_saidWhole || !TectiaExpression.IsOpen(text))
            return;
        _saidWhole = true;
        match.Note(attribute, "expressions without ^ and $ were taken for the whole host or address, here and in all that follows");
    }

    /// <summary>The same rule for the ports, which stand where the action does.</summary>
    public static RuleSection Ports(TectiaElement act, RuleSection rule, List<string> problems)
    {
        if (act.Text("ports") is not { } text || text == "*")
            return rule;
        var ports = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (ports.All(IsPorts))
            return rule with { Ports = ports };
        act.Note("ports", $"'{text}' is neither a port nor a range of ports as in 20-25");
        problems.Add("the ports");
        return rule;
    }

    private static bool IsPorts(string text)
    {
        var bounds = text.Split('-');
        return bounds.Length <= 2
            && bounds.All(bound => ushort.TryParse(bound, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
            && ushort.Parse(bounds[0], CultureInfo.InvariantCulture) <= ushort.Parse(bounds[^1], CultureInfo.InvariantCulture);
    }
}
