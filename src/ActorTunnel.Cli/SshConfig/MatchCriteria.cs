using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>
/// The line <c>Match</c> of ssh_config(5). A configuration file runs no command here, so <c>exec</c> never matches; neither does what
/// only newer versions of ssh know.
/// </summary>
internal sealed class MatchCriteria(MatchTarget target, SettingValues values, LocalUser user, Action<string> notice)
{
    /// <summary>Whether a line asked for a second pass over the files.</summary>
    public bool WantsFinalPass { get; private set; }

    /// <summary>Whether all criteria of the line are met.</summary>
    /// <param name="line">The line.</param>
    /// <param name="mayMatch">False when the line counts for nothing anyway, and only its form is of interest.</param>
    /// <exception cref="UsageException">It is no list of criteria.</exception>
    public bool AreMet(ConfigLine line, bool mayMatch)
    {
        var words = new Queue<string>(line.SplitCriteria());
        var met = mayMatch;
        var count = 0;
        for (; words.TryDequeue(out var word) && word.Length > 0; count++) // A second '=' ends them in OpenSSH.
        {
            var isNegated = word.StartsWith('!');
            var name = (isNegated ? word[1..] : word).ToLowerInvariant();
            switch (name)
            {
                case "all" when count > 1 || words.Count > 0:
                    throw new UsageException("Match: all stands alone");
                case "all":
                    return met && !isNegated;
                case "final" or "canonical":
                    WantsFinalPass |= name == "final";
                    met &= target.IsFinal != isNegated;
                    break;
                default:
                    var argument = words.TryDequeue(out var next) && next.Length > 0
                        ? next
                        : throw new UsageException($"Match: {PrintableText.Quote(word)} needs a value");
                    met &= IsMet(name, argument, isDecisive: met) is { } isMet && isMet != isNegated;
                    break;
            }
        }

        return count > 0 ? met : throw new UsageException("Match needs criteria, as in Match host *.example.com");
    }

    /// <summary>Null: nobody can tell.</summary>
    private bool? IsMet(string name, string argument, bool isDecisive) => name switch
    {
        "host" => PatternList.Matches(argument, CurrentHost(), toLower: true),
        "originalhost" => PatternList.Matches(argument, target.OriginalName, toLower: true),
        "user" => PatternList.Matches(argument, values.User ?? user.Name, toLower: false),
        "localuser" => PatternList.Matches(argument, user.Name, toLower: false),
        "exec" => Unsupported("Match exec would run a command, which is not done", isDecisive),
        "command" or "localnetwork" or "sessiontype" or "tagged" or "version" => Unsupported($"Match {name} is not supported", isDecisive),
        _ => throw new UsageException($"Match: {PrintableText.Quote(name)} is no criterion"),
    };

    private string CurrentHost() => target.IsFinal || values.HostName is null
        ? target.Name
        : new Tokens(target.Name).Expand(values.HostName);

    private bool? Unsupported(string why, bool isDecisive)
    {
        if (isDecisive)
            notice($"{why}: what follows, up to the next Host or Match, is left out");
        return null;
    }
}
