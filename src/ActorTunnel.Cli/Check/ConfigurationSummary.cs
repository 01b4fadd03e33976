using System.Net;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Daemon;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Cli.Check;

/// <summary>A configuration file without mistakes on one page.</summary>
internal static class ConfigurationSummary
{
    public static IEnumerable<string> Lines(LoadedConfiguration configuration)
    {
        var rows = Entries(configuration.Meaning)
            .Concat(configuration.Sections.Profiles.Select(profile => ($"profile {profile.Key}", Text(profile.Value))))
            .Concat(configuration.Meaning.Rules.Rules.Zip(configuration.Sections.Rules, (rule, section) =>
                ($"rule {rule.Name}", $"{RuleText.Word(rule.Action)}{Way(rule)}: {RuleText.Conditions(section)}")));
        return HelpTable.Of(rows.Append(("otherwise", "block"))).Split('\n').Select(line => line[2..]);
    }

    private static IEnumerable<(string, string)> Entries(ProxyConfiguration meaning)
    {
        if (meaning.Socks is { } socks)
            yield return ("socks", Text(socks) + (meaning.UsersFile is null ? "" : $", users of {meaning.UsersFile}"));
        if (meaning.FtpProxy is { } ftp)
            yield return ("ftpProxy", Text(ftp));
        foreach (var one in meaning.Forwards)
        {
            var bind = string.Join(", ", one.Options.ListenAddresses.Select(address => new IPEndPoint(address, one.Options.ListenPort)));
            yield return ($"tunnel {one.Name}", $"{Kind(one.Options.Kind)} {bind} -> {HostName.Bracketed(one.Options.Host)}"
                + $":{one.Options.HostPort} through {one.Profile.Name}");
        }

        foreach (var one in meaning.RemoteForwards)
        {
            var bind = one.Options.BindAddress.Length == 0 ? "*" : HostName.Bracketed(one.Options.BindAddress);
            yield return ($"tunnel {one.Name}", $"{Kind(one.Options.Kind)} {bind}:{one.Options.ListenPort} on {one.Profile.Name} -> "
                + $"{HostName.Bracketed(one.Options.Host)}:{one.Options.HostPort}");
        }
    }

    private static string Kind(ForwardKind kind) => kind == ForwardKind.Ftp ? "ftp" : "tcp";

    private static string Text(ProxyEntryOptions entry) =>
        string.Join(", ", entry.Listen) + (entry.Clients.Count == 0 ? "" : $" for {string.Join(", ", entry.Clients)}");

    private static string Text(ProfileSection profile) =>
        $"{profile.User ?? "the FTP user"} at "
        + (profile.Host is { } host ? $"{HostName.Bracketed(host)}:{profile.Port}" : "the host asked for")
        + (profile.Through is null ? "" : $" through {profile.Through}");

    private static string Way(FilterRule rule) =>
        (rule.Profile is null ? "" : $" through {rule.Profile.Name}")
        + (rule.Destination, rule.DestinationPort) switch
        {
            (null, null) => "",
            ({ } host, null) => $" to {host}",
            (null, { } port) => $" to port {port}",
            ({ } host, { } port) => $" to {HostName.Bracketed(host)}:{port}",
        };
}
