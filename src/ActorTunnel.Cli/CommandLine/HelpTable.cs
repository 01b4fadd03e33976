namespace ActorTunnel.Cli.CommandLine;

/// <summary>Two aligned columns of a help text.</summary>
internal static class HelpTable
{
    /// <summary>One line per row, indented by two.</summary>
    public static string Of(IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToList();
        var width = all.Max(row => row.Left.Length);
        return string.Join('\n', all.Select(row => $"  {row.Left.PadRight(width)}  {row.Right}"));
    }

    /// <summary>How an option is written, as in <c>-h, --help</c>.</summary>
    public static string Usage<T>(Option<T> option)
    {
        var names = (option.Letter, option.Word) switch
        {
            ({ } letter, null) => $"-{letter}",
            (null, { } word) => $"--{word}",
            var (letter, word) => $"-{letter}, --{word}",
        };
        return option.Value is null ? names : $"{names} {option.Value}";
    }
}
