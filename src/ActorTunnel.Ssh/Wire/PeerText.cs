using System.Globalization;
using System.Text;

namespace ActorTunnel.Ssh.Wire;

/// <summary>
/// Text from the peer that a person will see. Control and formatting characters are removed, so that it cannot drive a terminal or
/// forge a line of a log (RFC 4251, section 9.2), and it is cut to a bound.
/// </summary>
internal static class PeerText
{
    /// <summary>For one line inside a message of ours.</summary>
    public const int MaxLine = 300;

    public static string Line(string text) => Clean(text, MaxLine, keepLines: false);

    public static string Clean(string text, int maxLength, bool keepLines)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= maxLength)
                return clean.Append("...").ToString();
            if (rune.Value is '\n' or '\t')
                clean.Append(keepLines ? (char)rune.Value : ' ');
            else if (IsPrintable(rune))
                clean.Append(rune);
        }

        return clean.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
