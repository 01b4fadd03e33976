using System.IO.Enumeration;

namespace ActorTunnel.Ssh;

/// <summary>
/// A list of algorithms as OpenSSH writes it (ssh_config(5), Ciphers): names best first, with the wildcards <c>*</c> and <c>?</c>;
/// with <c>+</c> in front they are added to the default, with <c>^</c> put before it, with <c>-</c> taken from it.
/// </summary>
/// <param name="Names">What the list stands for, best first, each name once; none of them is unknown here. May be empty.</param>
/// <param name="Unknown">
/// What the list names and this build does not have. Whoever typed the list just now should hear of it; a file that other programs
/// read as well may be forgiven as long as <paramref name="Names"/> is not empty.
/// </param>
public sealed record AlgorithmList(IReadOnlyList<string> Names, IReadOnlyList<string> Unknown)
{
    /// <summary>
    /// Whether the list only adds to the default or takes from it. It then says nothing of the order: as in OpenSSH, host keys that are
    /// known still come first (<see cref="AlgorithmChoice.PreferKnownHostKeys"/>).
    /// </summary>
    public bool KeepsOrder { get; init; }

    /// <summary>Never fails: what cannot be used is in <see cref="Unknown"/>.</summary>
    /// <param name="text">The list.</param>
    /// <param name="supported">One of the lists in <see cref="SshAlgorithms"/>: the default, and all there is.</param>
    public static AlgorithmList Parse(string text, IReadOnlyList<string> supported)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(supported);
        var sign = text.Length > 0 && text[0] is '+' or '-' or '^' ? text[0] : '=';
        var patterns = (sign == '=' ? text : text[1..])
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (sign == '-')
            return new([.. supported.Where(name => !patterns.Any(pattern => IsMatch(name, pattern)))], []) { KeepsOrder = true };

        var named = patterns.SelectMany(pattern => supported.Where(name => IsMatch(name, pattern)));
        IEnumerable<string> names = sign switch
        {
            '+' => supported.Concat(named),
            '^' => named.Concat(supported),
            _ => named,
        };
        return new([.. names.Distinct()], [.. patterns.Where(pattern => !supported.Any(name => IsMatch(name, pattern)))])
        {
            KeepsOrder = sign == '+',
        };
    }

    private static bool IsMatch(string name, string pattern) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
