using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Cli.Import;

/// <summary>
/// Tectia's rules name hosts and addresses by extended regular expressions (egrep). Those that mean names, patterns or networks become
/// such; an expression that cannot be said here without changing what it means is null.
/// </summary>
internal static partial class TectiaExpression
{
    /// <summary>It is true of everything, so it is no condition.</summary>
    public static bool IsAny(string? text) => text is null || Strip(text) switch
    {
        ".*" or ".+" or "*" => true,
        "" => !(text.StartsWith('^') && text.EndsWith('$')), // ^$ is true of nothing that anybody connects to.
        _ => false,
    };

    /// <summary>The same expression is true of a longer text than the one that it was written for.</summary>
    public static bool IsOpen(string text)
    {
        // In ^a|b$ one anchor is a's and the other b's.
        var all = Alternatives(text).ToList();
        return all.Count > 1
            ? all.Any(IsOpen)
            : Alternatives(Strip(text)).Any(one =>
                !(text.StartsWith('^') || one.StartsWith(".*", StringComparison.Ordinal))
                || !(text.EndsWith('$') || one.EndsWith(".*", StringComparison.Ordinal)));
    }

    /// <summary>Host names, exact or with *.</summary>
    public static IReadOnlyList<string>? Hosts(string text)
    {
        var patterns = Alternatives(Strip(text)).Select(Host).ToList();
        return patterns.Contains(null) ? null : [.. patterns.OfType<string>()];
    }

    /// <summary>An expression for hosts in .NET's syntax, which most of egrep's is.</summary>
    public static string? HostRegex(string text)
    {
        var inner = Strip(text);
        if (inner.Length == 0 || DiffersInEgrep().IsMatch(inner))
            return null;
        try
        {
            HostExpression.Parse(inner);
            return inner;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Addresses and networks.</summary>
    public static IReadOnlyList<string>? Addresses(string text)
    {
        var ranges = Alternatives(Strip(text)).Select(Address).ToList();
        return ranges.Contains(null) ? null : [.. ranges.OfType<string>()];
    }

    private static string Strip(string text)
    {
        text = text.StartsWith('^') ? text[1..] : text;
        text = text.EndsWith('$') && !text.EndsWith("\\$", StringComparison.Ordinal) ? text[..^1] : text;
        return text is ['(', .. var inner, ')'] && IsBalanced(inner) ? inner : text;
    }

    private static bool IsBalanced(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '(')
                depth++;
            else if (text[i] == ')' && --depth < 0)
                return false;
        }

        return depth == 0;
    }

    /// <summary>Split at | that is not within brackets.</summary>
    private static IEnumerable<string> Alternatives(string text)
    {
        var (start, depth, inSet) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when !inSet:
                    i++;
                    break;
                case '[':
                    inSet = true;
                    break;
                case ']':
                    inSet = false;
                    break;
                case '(' when !inSet:
                    depth++;
                    break;
                case ')' when !inSet:
                    depth--;
                    break;
                case '|' when !inSet && depth == 0:
                    yield return text[start..i];
                    start = i + 1;
                    break;
            }
        }

        yield return text[start..];
    }

    private static string? Host(string text)
    {
        var pattern = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '-' or '_')
            {
                if (next is '*' or '+' or '?' or '{')
                    return null;
                pattern.Append(text[i]);
            }
            else if (text[i] == '\\' && next == '.')
            {
                if (i + 2 < text.Length && text[i + 2] is '*' or '+' or '?' or '{')
                    return null;
                pattern.Append('.');
                i++;
            }
            else if (text[i] == '.' && next is '*' or '+')
            {
                pattern.Append(next == '*' ? "*" : "?*");
                i++;
            }
            else
            {
                return null; // A dot alone stands for any letter, though its author most likely meant a dot: a person decides.
            }
        }

        try
        {
            HostPattern.Parse(pattern.ToString());
            return pattern.ToString();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// Four numbers, or one to three with anything behind. A dot that is not escaped is no other in an address that has just these numbers.
    /// </summary>
    private static string? Address(string text)
    {
        if (PlainAddress().IsMatch(text))
            return Known(text);
        var match = NetworkAddress().Match(text);
        if (!match.Success)
            return Known(text.Replace("\\.", ".", StringComparison.Ordinal)) is { } exact && !exact.Contains('/', StringComparison.Ordinal)
                ? exact
                : null;
        var numbers = match.Groups["number"].Captures.Select(capture => capture.Value).ToList();
        var rest = AnyNumber().Count(match.Groups["rest"].Value);
        // ".*" stands for all that is left; "[0-9]+" for one number, and there must be as many as are missing.
        if (match.Groups["rest"].Value is not [.., '.', '*' or '+'] && numbers.Count + rest != 4)
            return null;
        return Known($"{string.Join('.', numbers.Concat(Enumerable.Repeat("0", 4 - numbers.Count)))}/{8 * numbers.Count}");
    }

    private static string? Known(string text)
    {
        try
        {
            return string.Create(CultureInfo.InvariantCulture, $"{AddressRange.Parse(text)}") is not null ? text : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$")]
    private static partial Regex PlainAddress();

    [GeneratedRegex(@"^(?:(?<number>[0-9]{1,3})\\\.){1,3}(?<rest>(?:(?:\[0-9\](?:\+|\*|\{1,3\})|[.][*+])(?:\\\.)?){1,3})$")]
    private static partial Regex NetworkAddress();

    [GeneratedRegex(@"\[0-9\](?:\+|\*|\{1,3\})|[.][*+]")]
    private static partial Regex AnyNumber();

    // Named sets, word boundaries, and what only .NET reads: lazy quantifiers, groups with a question mark, letters behind a backslash.
    [GeneratedRegex(@"\[[:.=]|\\[a-zA-Z<>0-9]|[*+?}][+?]|\(\?|\[[^\]]*\\")]
    private static partial Regex DiffersInEgrep();
}
