using System.Text;
using System.Text.RegularExpressions;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>
/// The files that an Include names, in their order: glob(7), with <c>*</c>, <c>?</c> and <c>[...]</c> in any part of the path.
/// </summary>
internal static class IncludePaths
{
    private static readonly char[] _wildcards = ['*', '?', '['];

    /// <summary>Those that are there.</summary>
    public static IReadOnlyList<string> Find(string absolutePattern)
    {
        IEnumerable<string> found = ["/"];
        foreach (var part in absolutePattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
            found = found.SelectMany(folder => Below(folder, part));
        return [.. found.Where(Path.Exists).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Below(string folder, string part)
    {
        if (part.IndexOfAny(_wildcards) < 0)
            return [Path.Combine(folder, part)];
        if (!Directory.Exists(folder))
            return [];

        if (ToRegex(part) is not { } pattern)
            return [];

        // As in glob(7), a dot in front is meant only when it is written.
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        return Directory.EnumerateFileSystemEntries(folder, "*", options)
            .Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith('.') == part.StartsWith('.') && pattern.IsMatch(name))
            .Select(name => Path.Combine(folder, name));
    }

    /// <summary>Null: it matches nothing, as <c>[z-a]</c>.</summary>
    private static Regex? ToRegex(string part)
    {
        try
        {
            return new Regex(Translate(part), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string Translate(string part)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < part.Length; i++)
        {
            var close = part[i] == '[' && i + 2 < part.Length ? part.IndexOf(']', i + 2) : -1;
            if (close > 0)
            {
                var isNegated = part[i + 1] is '!' or '^' && close > i + 2;
                var letters = part[(i + (isNegated ? 2 : 1))..close];
                letters = letters.Replace(@"\", @"\\").Replace("[", @"\[").Replace("^", @"\^");
                regex.Append(isNegated ? "[^" : "[").Append(letters).Append(']');
                i = close;
            }
            else
            {
                regex.Append(part[i] switch { '*' => ".*", '?' => ".", var letter => Regex.Escape(letter.ToString()) });
            }
        }

        return regex.Append(@"\z").ToString();
    }
}
