namespace ActorTunnel.Engine.Diagnostics;

/// <summary>Finds what a mistyped name was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>No name of ours is longer; more of the typed text cannot bring it nearer.</summary>
    private const int MaxLength = 64;

    /// <summary>So many letters at least are the beginning of a name, and no slips.</summary>
    private const int MinBeginning = 3;

    /// <summary>
    /// The shortest name that begins with <paramref name="typed"/>, or that with the fewest slips, whatever the case; the first of equals.
    /// Null: none is near, with more slips than a third of its letters.
    /// </summary>
    public static string? Of(string typed, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(names);
        var begun = typed.Length < MinBeginning ? [] : names.Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase));
        if (begun.MinBy(name => name.Length) is { } whole)
            return whole;
        return names.MinBy(name => Distance(typed, name)) is { } nearest
            && Distance(typed, nearest) <= Math.Max(typed.Length, nearest.Length) / 3 ? nearest : null;
    }

    /// <summary>The end of a message that names the nearest, or nothing.</summary>
    public static string Hint(string typed, IEnumerable<string> names) =>
        Of(typed, [.. names]) is { } nearest ? $"; the nearest is {nearest}" : "";

    /// <summary>
    /// How many slips turn one word into the other: a letter too many, missing or wrong, or two exchanged (optimal string alignment).
    /// </summary>
    public static int Distance(string typed, string name)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(name);
        var from = typed[..Math.Min(typed.Length, MaxLength)].ToUpperInvariant();
        var to = name.ToUpperInvariant();
        var slips = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            slips[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            slips[0, j] = j;

        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var wrong = from[i - 1] == to[j - 1] ? 0 : 1;
                var least = Math.Min(slips[i - 1, j - 1] + wrong, Math.Min(slips[i - 1, j], slips[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    least = Math.Min(least, slips[i - 2, j - 2] + 1);
                slips[i, j] = least;
            }
        }

        return slips[from.Length, to.Length];
    }
}
