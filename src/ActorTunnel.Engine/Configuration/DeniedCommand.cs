namespace ActorTunnel.Engine.Configuration;

/// <summary>How people write a command of <see cref="FtpRestrictions.DeniedCommands"/>.</summary>
public static class DeniedCommand
{
    private const int MaxWordLength = 32;

    /// <summary>A session begins and ends with these.</summary>
    private static readonly string[] _needed = ["USER", "PASS", "QUIT"];

    /// <summary>In capitals, with one blank before the second word.</summary>
    /// <exception cref="FormatException">It is no command that can be denied.</exception>
    public static string Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isCommand = words switch
        {
            [var verb] => IsWord(verb),
            ["SITE" or "OPTS", var word] => IsWord(word),
            _ => false,
        };
        if (!isCommand)
            throw new FormatException("write one FTP command, as in DELE, or one of SITE or OPTS, as in SITE CHMOD");
        return _needed.Contains(words[0])
            ? throw new FormatException("no session can do without it")
            : string.Join(' ', words);
    }

    private static bool IsWord(string word) =>
        word.Length <= MaxWordLength && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '@' or '-' or '_' or '.');
}
