using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>A list of algorithms on the command line: whoever typed it hears of every name that cannot be used.</summary>
internal static class TypedAlgorithms
{
    /// <param name="keyword">The setting, as in ssh_config(5).</param>
    /// <param name="text">Its value, in the forms of <see cref="AlgorithmList"/>.</param>
    /// <param name="supported">One of the lists in <see cref="SshAlgorithms"/>.</param>
    /// <exception cref="UsageException">A name is unknown, or none is left.</exception>
    public static AlgorithmList Parse(string keyword, string text, IReadOnlyList<string> supported)
    {
        var list = AlgorithmList.Parse(text, supported);
        if (list.Unknown is [var unknown, ..])
        {
            throw new UsageException(
                $"{keyword}: {PrintableText.Quote(unknown)} is not supported, but {string.Join(", ", supported)} are"
                + NearestName.Hint(unknown, supported));
        }

        return list.Names.Count > 0 ? list : throw new UsageException($"{keyword} {PrintableText.Quote(text)} leaves none");
    }
}
