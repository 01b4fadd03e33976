using System.IO.Enumeration;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>Patterns as in ssh_config(5), "PATTERNS": <c>*</c> is any letters, <c>?</c> is one, <c>!</c> in front negates.</summary>
internal static class PatternList
{
    /// <summary>
    /// A list with commas. With <paramref name="toLower"/> the patterns are taken in lower case, as OpenSSH does for hosts.
    /// </summary>
    public static bool Matches(string list, string text, bool toLower) =>
        Matches((toLower ? list.ToLowerInvariant() : list).Split(','), text);

    /// <summary>Whether at least one pattern matches, and no negated one does.</summary>
    public static bool Matches(IEnumerable<string> patterns, string text)
    {
        var matches = false;
        foreach (var pattern in patterns)
        {
            var isNegated = pattern.StartsWith('!');
            if (!IsMatch(isNegated ? pattern[1..] : pattern, text))
                continue;
            if (isNegated)
                return false;
            matches = true;
        }

        return matches;
    }

    // .NET takes a backslash for an escape, OpenSSH takes it for itself.
    private static bool IsMatch(string pattern, string text) =>
        FileSystemName.MatchesSimpleExpression(pattern.Replace(@"\", @"\\"), text, ignoreCase: false);
}
