using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Cli.Import;

/// <summary>
/// The filter engine, in the form of 6.x (rule) and that of 5.x (dns says which connections, filter what becomes of them). The first that
/// matches decides, as here.
/// </summary>
/// <remarks>
/// A rule of which something essential cannot be said here is written as one that blocks, with the conditions that can be said: otherwise
/// a later rule would decide about its connections, and might let them out unprotected.
/// </remarks>
internal sealed class TectiaRules(TectiaProfiles profiles, ImportNotes notes)
{
    private readonly List<RuleSection> _rules = [];
    private readonly TectiaConditions _conditions = new();

    public IReadOnlyList<RuleSection> Rules => _rules;

    /// <summary>The first rule of each profile whose user is whom the client logs in as.</summary>
    public Dictionary<string, TectiaElement> TakesUsers { get; } = [];

    public void Add(TectiaElement engine)
    {
        notes.Place = "rules";
        if (engine.Flag("ftp-filter-at-signs"))
            engine.Note("ftp-filter-at-signs", "has no equivalent in rules: clients that log in as USER@HOST use ftpProxy");
        var matches = new Dictionary<string, TectiaElement>();
        foreach (var dns in engine.All("dns"))
        {
            if (dns.Text("id") is { } id)
                matches[id] = dns;
            else
                dns.Note("id", "is missing: nothing can use it");
        }

        var used = new HashSet<string>();
        foreach (var child in engine.Children)
        {
            if (child.Name == "rule")
            {
                child.Skip();
                Add(child, child);
            }
            else if (child.Name == "filter")
            {
                child.Skip();
                var id = child.Text("dns-id");
                if (id is not null && matches.TryGetValue(id, out var match))
                    used.Add(id);
                else
                    match = null;
                Add(match, child);
            }
        }

        notes.Place = "rules";
        foreach (var (id, unused) in matches.Where(entry => !used.Contains(entry.Key)))
        {
            TectiaConditions.Skip(unused);
            unused.Note($"no filter uses it ('{id}'): left out");
        }
    }

    private void Add(TectiaElement? match, TectiaElement act)
    {
        notes.Place = $"rules[{_rules.Count}]";
        var problems = new List<string>();
        var rule = match is null ? new RuleSection { Action = FilterAction.Block } : _conditions.Of(match, problems);
        if (match is null)
        {
            act.Note("dns-id", "there is no such dns element");
            problems.Add("what it is for");
        }

        rule = TectiaConditions.Ports(act, rule, problems);
        if (act.Flag("show-sftp-server-banner"))
            act.Note("show-sftp-server-banner", "has no equivalent: FTP is not converted to SFTP here");
        var action = act.Text("action")?.ToUpperInvariant();
        var full = action switch
        {
            "BLOCK" => rule with { Action = FilterAction.Block },
            "DIRECT" => rule with { Action = FilterAction.Direct },
            "TUNNEL" => Tunnel(act, rule with { Action = FilterAction.Tunnel }, problems),
            "FTP-TUNNEL" => Tunnel(act, rule with { Action = FilterAction.FtpTunnel }, problems),
            _ => null,
        };
        if (full is null)
        {
            act.Note("action", action is "FTP-PROXY" ? "has no equivalent: FTP is not converted to SFTP here" : $"'{action}' is not known");
            problems.Add("its action");
        }

        if (action is not ("TUNNEL" or "FTP-TUNNEL"))
            Ignore(act);
        if (problems.Count > 0 && action != "BLOCK")
            act.Note($"this rule blocks until a person has decided: {string.Join(" and ", problems.Distinct())} cannot be said here");
        else if (problems.Count > 0)
            act.Note($"this rule blocks more than it did: {string.Join(" and ", problems.Distinct())} cannot be said here");
        _rules.Add(problems.Count > 0 ? rule with { Action = FilterAction.Block } : full!);
        if (_rules[^1] is { UserFromApplication: true, Profile: { } name })
            TakesUsers.TryAdd(name, act);
    }

    /// <summary>Attributes of tunnels mean nothing to a rule that makes none.</summary>
    private static void Ignore(TectiaElement act)
    {
        foreach (var name in (string[])
            ["profile-id", "destination", "destination-port", "username", "hostname-from-app", "username-from-app", "fallback-to-plain"])
        {
            act.Attribute(name);
        }
    }

    private RuleSection Tunnel(TectiaElement act, RuleSection rule, List<string> problems)
    {
        var hostFromApplication = act.Flag("hostname-from-app");
        var userFromApplication = act.Flag("username-from-app");
        var profile = Profile(act, hostFromApplication, problems);
        if (profile is not null && !userFromApplication)
            profile = WithUser(act, profile, problems);
        else
            act.Attribute("username"); // Whom the application names overrides it.
        userFromApplication |= profile?.UserFromApplication == true;
        if (userFromApplication && rule.Action == FilterAction.Tunnel)
        {
            act.Note("username-from-app", "only an FTP client says who it is: write a profile with a user, or the action ftp-tunnel");
            problems.Add("the user");
        }
        else if (profile is { Section.User: null } && !userFromApplication)
        {
            act.Note("profile-id", $"profile {profile.Name} names no user");
            problems.Add("the user");
        }

        hostFromApplication |= profile?.HostFromApplication == true;
        var ownPassword = profile?.Section is { PasswordFile: not null } or { PasswordCommand: not null };
        if (profile?.Section.HostKeyPolicy == HostKeyMode.AcceptNew && (userFromApplication || (hostFromApplication && ownPassword)))
        {
            act.Note(userFromApplication ? "username-from-app" : "hostname-from-app", "passwords go to servers whose keys nobody has"
                + " checked: write host keys into knownHosts, or allow it with acceptNewWithPasswords");
        }

        return rule with
        {
            Profile = profile?.Name,
            HostFromApplication = hostFromApplication,
            UserFromApplication = userFromApplication,
            Destination = act.Text("destination"),
            DestinationPort = act.Text("destination-port") == "0" ? null : (int?)act.Number("destination-port", 1, 65535),
            FallbackToPlain = act.Flag("fallback-to-plain"),
        };
    }

    private TectiaProfile? Profile(TectiaElement act, bool hostFromApplication, List<string> problems)
    {
        if (act.Text("profile-id") is not { } id)
        {
            if (hostFromApplication)
                return profiles.Default();
            act.Note("profile-id", "is missing");
            problems.Add("the SSH server");
            return null;
        }

        if (profiles.Find(id) is { } profile)
            return profile;
        act.Note("profile-id", $"there is no profile '{id}'");
        problems.Add("the SSH server");
        return null;
    }

    private TectiaProfile WithUser(TectiaElement act, TectiaProfile profile, List<string> problems)
    {
        if (act.Text("username") is not { } user)
            return profile;
        if (TectiaPath.IsOwnUser(user))
        {
            act.Note("username", TectiaPath.Became(user));
            return profiles.As(profile, TectiaPath.OwnUser);
        }

        if (!user.AsSpan().ContainsAny("/\\%$*"))
            return profiles.As(profile, user);
        act.Note("username", $"'{user}' is no name, but where one would be found: write the user into the profile");
        problems.Add("the user");
        return profile;
    }
}
