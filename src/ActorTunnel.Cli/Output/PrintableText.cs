using System.Globalization;
using System.Text;

namespace ActorTunnel.Cli.Output;

/// <summary>
/// Text from outside (arguments, the server's prompts and banner, log arguments) made safe to print: a terminal obeys control
/// characters, and a line break would let a peer write log lines of its own.
/// </summary>
internal static class PrintableText
{
    /// <summary>The longest argument that an error message repeats, in characters.</summary>
    private const int MaxQuoted = 80;

    /// <summary>Every control or format character becomes a space or, where it has no width of its own, a question mark.</summary>
    public static string OneLine(string text) => Clean(text, keepLines: false);

    /// <summary>As <see cref="OneLine"/>, but line breaks and tabs stay.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    /// <summary>The text in quotes, for an error message; a long one is cut.</summary>
    public static string Quote(string text) =>
        text.Length <= MaxQuoted ? $"'{OneLine(text)}'" : $"'{OneLine(text[..MaxQuoted])}...'";

    private static string Clean(string text, bool keepLines)
    {
        if (!text.Any(c => MustNotPrint(c, keepLines)))
            return text;

        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
            clean.Append(!MustNotPrint(c, keepLines) ? c : c is '\r' or '\n' or '\t' ? ' ' : '?');
        return clean.ToString();
    }

    // Format characters reorder text (U+202E) and so can make a prompt read as another.
    private static bool MustNotPrint(char c, bool keepLines) => char.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.Control => !(keepLines && c is '\n' or '\t'),
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        _ => false,
    };
}
