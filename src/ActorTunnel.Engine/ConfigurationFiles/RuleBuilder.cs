using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>Rules with the names of their profiles, which <see cref="CheckedConfiguration"/> fills in.</summary>
internal sealed class RuleBuilder(ConfigurationFile file, Findings findings)
{
    private readonly ProfileUse _profiles = new(file, findings);
    private readonly FtpPolicyBuilder _ftp = new(findings);

    public IReadOnlyList<(FilterRule Rule, string? Profile)> Build()
    {
        var rules = new List<(FilterRule Rule, string? Profile)>();
        var paths = new List<string>();
        var names = new HashSet<string>();
        FilterRule? unconditional = null;
        for (var i = 0; i < file.Rules.Count; i++)
        {
            var path = $"rules[{i}]";
            if (findings.IsLost(path))
                continue;
            var section = file.Rules[i];
            var rule = Build(path, section, section.Name ?? $"rule-{i + 1}");
            if (findings.Knows(path, "name") && !names.Add(rule.Name))
                findings.Mistake($"{path}.name", $"another rule has the name {MistakeList.Quote(rule.Name)}");
            if (findings.IsBroken(path))
                continue; // What it does is not known as a whole.
            if (unconditional is not null)
                findings.Warn(path, $"no connection comes to this rule: rule {unconditional.Name} before it takes all");
            unconditional ??= IsUnconditional(section) ? rule : null;
            rules.Add((rule, section.Profile));
            paths.Add(path);
        }

        WarnOfNames(rules, paths);
        return rules;
    }

    private FilterRule Build(string path, RuleSection section, string name)
    {
        CheckAction(path, section);
        CheckConditions(path, section);
        return new FilterRule
        {
            Name = name,
            Action = section.Action,
            Hosts = [.. findings.ReadAll($"{path}.host", section.Host, HostPattern.Parse).Select(pattern => pattern.Text)],
            HostRegex = findings.Read($"{path}.hostRegex", section.HostRegex, HostExpression.Parse),
            Addresses = findings.ReadAll($"{path}.address", section.Address, AddressRange.Parse),
            Resolve = section.Resolve,
            Ports = findings.ReadAll($"{path}.ports", section.Ports, ValueForms.Ports),
            Clients = findings.ReadAll($"{path}.client", section.Client, AddressRange.Parse),
            SocksUsers = section.SocksUser,
            HostFromApplication = section.HostFromApplication,
            UserFromApplication = section.UserFromApplication,
            Destination = findings.Read($"{path}.destination", section.Destination, ValueForms.Host),
            DestinationPort = section.DestinationPort is { } port ? findings.Port($"{path}.destinationPort", port) : null,
            FallbackToPlain = section.FallbackToPlain,
            Ftp = _ftp.Build(path, section),
        };
    }

    private void CheckAction(string path, RuleSection section)
    {
        if (!findings.Knows(path, "action"))
        {
            _profiles.CheckName(path, section.Profile);
            return;
        }

        var isTunnel = section.Action is FilterAction.Tunnel or FilterAction.FtpTunnel;
        if (section.Action == FilterAction.Block)
            RefuseKeys(path, "with block", "destination", "destinationPort");
        if (!isTunnel)
            RefuseKeys(path, "without tunnel or ftp-tunnel", "profile", "hostFromApplication", "userFromApplication", "fallbackToPlain");
        else
            _profiles.CheckRule(path, section);
        if (section.Action != FilterAction.FtpTunnel)
            _ftp.RefuseKeys(path, "without ftp-tunnel");
        if (section is { UserFromApplication: true, Action: FilterAction.Tunnel })
            findings.Mistake($"{path}.userFromApplication", "only an FTP login is read: write \"action\": \"ftp-tunnel\"");
        if (section is { UserFromApplication: true, AuthTls: AuthTls.Transparent })
        {
            findings.Mistake($"{path}.authTls", "with userFromApplication the FTP login is read, and transparent is for nobody to read:"
                + " leave one of them out");
        }

        if (section.FallbackToPlain && (section.Destination is not null || section.DestinationPort is not null))
        {
            findings.Mistake($"{path}.fallbackToPlain", "it connects from this machine, but destination is what the SSH server connects to:"
                + " leave one of them out");
        }
    }

    private void CheckConditions(string path, RuleSection section)
    {
        if (section is { Resolve: true, Address.Count: 0 } && findings.Knows(path, "address"))
            findings.Warn($"{path}.resolve", "there is no address to compare with");
        foreach (var (key, list) in new[]
        {
            ("host", section.Host), ("address", section.Address), ("ports", section.Ports), ("client", section.Client),
            ("socksUser", section.SocksUser),
        })
        {
            if (list.Count == 0 && findings.IsSet($"{path}.{key}") && findings.Knows(path, key))
                findings.Mistake($"{path}.{key}", "an empty list is no condition: leave the key out, or write what must match");
        }

        var isWithoutUsers = file.Socks is not { UsersFile: not null }
            && findings.Knows("", "socks") && findings.Knows("socks", "usersFile");
        if (section.SocksUser.Count > 0 && isWithoutUsers)
        {
            findings.Warn(
                $"{path}.socksUser", "without socks.usersFile a client may call itself anything (SOCKS 4), or has no name at all");
        }
    }

    private static bool IsUnconditional(RuleSection section) => section is
    {
        Host.Count: 0, HostRegex: null, Address.Count: 0, Ports.Count: 0, Client.Count: 0, SocksUser.Count: 0,
    };

    // A client that asks for a name instead of its address would pass by such a rule.
    private void WarnOfNames(List<(FilterRule Rule, string? Profile)> rules, List<string> paths)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].Rule is not { Action: FilterAction.Block, Addresses.Count: > 0, Resolve: false })
                continue;
            if (rules.Skip(i + 1).FirstOrDefault(later => PassesNames(later.Rule)).Rule is { } later)
            {
                findings.Warn($"{paths[i]}.address", "a name of these addresses passes, as far as rule "
                    + $"{later.Name}: add \"resolve\": true, or name the hosts");
            }
        }
    }

    private static bool PassesNames(FilterRule rule) => rule.Action != FilterAction.Block && (rule.Addresses.Count == 0 || rule.Resolve);

    private void RefuseKeys(string path, string when, params IEnumerable<string> keys)
    {
        foreach (var key in keys.Where(key => findings.IsSet($"{path}.{key}")))
            findings.Mistake($"{path}.{key}", $"this means nothing {when}: leave it out");
    }
}
