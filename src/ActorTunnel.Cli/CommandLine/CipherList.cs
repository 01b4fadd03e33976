using System.IO.Enumeration;
using ActorTunnel.Cli.Output;
using ActorTunnel.Ssh;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>
/// The keyword Ciphers (ssh_config(5)): names best first; with '+' in front they are added to the default, with '^' put before it, with
/// '-' (and wildcards) taken from it.
/// </summary>
internal static class CipherList
{
    /// <exception cref="UsageException">A name is unknown, or none is left.</exception>
    public static IReadOnlyList<string> Parse(string text)
    {
        var known = SshAlgorithms.Ciphers;
        var sign = text.Length > 0 && text[0] is '+' or '-' or '^' ? text[0] : '=';
        var names = (sign == '=' ? text : text[1..]).Split(',', StringSplitOptions.TrimEntries);
        if (sign != '-')
            Array.ForEach(names, CheckKnown);

        string[] chosen = sign switch
        {
            '+' => [.. known.Union(names)],
            '^' => [.. names.Union(known)],
            '-' => [.. known.Where(cipher => !names.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, cipher, false)))],
            _ => [.. names.Distinct()],
        };
        return chosen.Length > 0 ? chosen : throw new UsageException($"Ciphers {PrintableText.Quote(text)} leaves none");
    }

    private static void CheckKnown(string name)
    {
        if (!SshAlgorithms.Ciphers.Contains(name))
        {
            throw new UsageException(
                $"Ciphers: {PrintableText.Quote(name)} is not supported; the nearest of {string.Join(", ", SshAlgorithms.Ciphers)} is "
                + NearestName.Of(name, SshAlgorithms.Ciphers));
        }
    }
}
