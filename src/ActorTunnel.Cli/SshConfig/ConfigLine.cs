using System.Text;
using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>
/// One setting as ssh_config(5) and <c>-o</c> write it: a keyword, blanks or one '=', and words. A word may be quoted with " or ', and a
/// backslash in front of a quote, a backslash or (outside of quotes) a blank takes its meaning away. '#' begins a comment where a word
/// could begin.
/// </summary>
/// <param name="Keyword">As it is written; case does not matter.</param>
/// <param name="Words">Without their quotes.</param>
/// <param name="Text">What is behind the keyword, as it stands.</param>
internal sealed record ConfigLine(string Keyword, IReadOnlyList<string> Words, string Text)
{
    private const string Blanks = " \t\r\n";

    /// <summary>Whether somebody typed it just now: then nothing in it is forgiven that a file for other programs too may have.</summary>
    public bool IsTyped { get; init; }

    /// <summary>Reads a line; null when it is blank or a comment.</summary>
    /// <exception cref="UsageException">A quote has no end.</exception>
    public static ConfigLine? Parse(string line)
    {
        // A form feed is a blank at the end only, as in OpenSSH.
        var rest = line.AsSpan().TrimEnd(Blanks + "\f").TrimStart(Blanks);
        if (rest.IsEmpty || rest[0] == '#')
            return null;

        var keyword = TakeKeyword(ref rest).ToString();
        var text = rest.ToString();
        return new ConfigLine(keyword, Split(text), text);
    }

    /// <summary>The text as the criteria of Match: read like keywords, each with its blanks or '='.</summary>
    public IReadOnlyList<string> SplitCriteria()
    {
        var criteria = new List<string>();
        for (var rest = Text.AsSpan(); rest is [not '#', ..];)
            criteria.Add(TakeKeyword(ref rest).ToString());
        return criteria;
    }

    private static ReadOnlySpan<char> TakeKeyword(ref ReadOnlySpan<char> rest)
    {
        ReadOnlySpan<char> keyword;
        if (rest[0] == '"')
        {
            var close = rest[1..].IndexOf('"');
            if (close < 0)
                throw UnclosedQuote();
            keyword = rest.Slice(1, close);
            rest = rest[(close + 2)..].TrimStart(Blanks);
            return keyword;
        }

        var end = rest.IndexOfAny(Blanks + "=\"");
        keyword = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..].TrimStart(Blanks);
        if (rest is ['=', ..])
            rest = rest[1..].TrimStart(Blanks);
        return keyword;
    }

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is ' ' or '\t')
                continue;
            if (text[i] == '#')
                break;
            words.Add(TakeWord(text, ref i));
        }

        return words;
    }

    private static string TakeWord(string text, ref int i)
    {
        var word = new StringBuilder();
        char? quote = null;
        for (; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter == '\\' && i + 1 < text.Length && (text[i + 1] is '\'' or '"' or '\\' || (quote is null && text[i + 1] == ' ')))
                word.Append(text[++i]);
            else if (quote is null && letter is ' ' or '\t')
                break;
            else if (quote is null && letter is '\'' or '"')
                quote = letter;
            else if (letter == quote)
                quote = null;
            else
                word.Append(letter);
        }

        return quote is null ? word.ToString() : throw UnclosedQuote();
    }

    private static UsageException UnclosedQuote() => new("a quote has no end");
}
