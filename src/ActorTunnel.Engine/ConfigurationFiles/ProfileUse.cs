using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>Whether a profile and whoever uses it fit together.</summary>
internal sealed class ProfileUse(ConfigurationFile file, Findings findings)
{
    public void CheckRule(string path, RuleSection section)
    {
        if (section.Profile is null && findings.Knows(path, "profile"))
            findings.Mistake(path, "'profile' is missing: the name of one in profiles");
        if (Find(path, section.Profile) is not { } profile)
            return;
        var at = PathOf(section.Profile!);
        if (profile.Host is null && !section.HostFromApplication
            && findings.Knows(at, "host") && findings.Knows(path, "hostFromApplication"))
        {
            findings.Mistake($"{path}.profile", $"profile {section.Profile} names no host: write it there, or \"hostFromApplication\": true"
                + " here");
        }

        if (profile.User is null && !section.UserFromApplication
            && findings.Knows(at, "user") && findings.Knows(path, "userFromApplication"))
        {
            findings.Mistake($"{path}.profile", $"profile {section.Profile} names no user: write it there, or \"userFromApplication\": true"
                + " here");
        }

        if (findings.IsBroken(at))
            return; // What it trusts is not known.
        var sendsOwn = section is { HostFromApplication: true, UserFromApplication: false } && HasPassword(profile)
            && findings.Knows(path, "userFromApplication");
        if (sendsOwn && TellsPasswordsToNewHosts(profile))
        {
            findings.Mistake($"{path}.hostFromApplication", $"profile {section.Profile} has accept-new: any new host that a client names"
                + " would be sent the profile's password; write host keys into known_hosts, or methods without passwords or"
                + " \"acceptNewWithPasswords\": true in the profile");
        }

        if (section.UserFromApplication && TellsPasswordsToNewHosts(profile))
        {
            findings.Mistake($"{path}.userFromApplication", $"profile {section.Profile} has accept-new: whoever pretends to be a new host"
                + " would read the first password that is sent there; write the host key into known_hosts, or"
                + " \"acceptNewWithPasswords\": true in the profile");
        }
    }

    /// <summary>That there is one of this name.</summary>
    public void CheckName(string path, string? name) => Find(path, name);

    public void CheckTunnel(string path, string? name)
    {
        if (Find(path, name) is not { } profile)
            return;
        if (profile.Host is null && findings.Knows(PathOf(name!), "host"))
            findings.Mistake($"{path}.profile", $"profile {name} names no host: a tunnel needs one");
        if (profile.User is null && findings.Knows(PathOf(name!), "user"))
            findings.Mistake($"{path}.profile", $"profile {name} names no user: a tunnel needs one");
    }

    private ProfileSection? Find(string path, string? name)
    {
        if (name is null)
            return null;
        if (file.Profiles.TryGetValue(name, out var profile))
            return profile;
        var isKnown = !findings.IsLost(PathOf(name)) && (findings.IsSet("profiles") || findings.Knows("", "profiles"));
        if (isKnown)
        {
            findings.Mistake(
                $"{path}.profile", $"there is no profile {MistakeList.Quote(name)}{NearestName.Hint(name, file.Profiles.Keys)}");
        }

        return null;
    }

    private static string PathOf(string profile) => JsonTree.Join("profiles", profile);

    private static bool HasPassword(ProfileSection profile) => profile.PasswordFile is not null || profile.PasswordCommand is not null;

    private static bool TellsPasswordsToNewHosts(ProfileSection profile) =>
        profile is { HostKeyPolicy: HostKeyMode.AcceptNew, AcceptNewWithPasswords: false, HostKeys.Count: 0 }
        && profile.Methods?.Any(method => method is LoginMethod.Password or LoginMethod.KeyboardInteractive) != false;
}
