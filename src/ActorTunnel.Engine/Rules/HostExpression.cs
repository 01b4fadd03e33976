using System.Text.RegularExpressions;

namespace ActorTunnel.Engine.Rules;

/// <summary>
/// Regular expressions for hosts. They do not backtrack, so that no name that a client thinks up costs more than its length.
/// </summary>
public static class HostExpression
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>An expression that the whole host must match.</summary>
    /// <exception cref="FormatException">With one line that says what is wrong.</exception>
    public static Regex Parse(string text)
    {
        try
        {
            // First by itself: "a)|(b" must not become one within the brackets.
            _ = new Regex(text, Options);
            return new Regex($@"\A(?:{text})\z", Options);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"it is no regular expression: {exception.Message}");
        }
        catch (NotSupportedException)
        {
            throw new FormatException("it is too large, or has a backreference, a lookaround or an atomic group: write it without");
        }
    }
}
