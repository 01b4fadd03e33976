using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>From the name of a host to its settings, and to those of the hosts on the way there.</summary>
/// <param name="user">Who connects.</param>
/// <param name="sources">The files, in their order.</param>
/// <param name="notice">Receives what a person should know of a line that is left out.</param>
internal sealed class SettingsResolver(LocalUser user, IReadOnlyList<ConfigSource> sources, Action<string> notice)
{
    /// <summary>Jump hosts in a row; the engine takes no more.</summary>
    private const int MaxJumps = 8;

    // A line that is left out is left out for each host: it is worth one word.
    private readonly HashSet<string> _noticed = [];

    /// <summary>The settings for a host.</summary>
    /// <param name="name">The host as it was named.</param>
    /// <param name="values">What the command line said; gets what the files say.</param>
    /// <exception cref="UsageException">A file cannot be used.</exception>
    public SshSettings Resolve(string name, SettingValues values)
    {
        var wantsFinalPass = ReadFiles(new MatchTarget(name, name, IsFinal: false), values);
        var host = values.HostName is null ? name : new Tokens(name).Expand(values.HostName);
        host = HostName.Canonical(host);
        if (!Destination.IsHost(host))
            throw new UsageException($"HostName {PrintableText.Quote(host)} is no host name");

        if (wantsFinalPass)
        {
            values.HostName = host;
            ReadFiles(new MatchTarget(host, name, IsFinal: true), values);
        }

        return SshSettings.Create(name, host, values, user);
    }

    /// <summary>
    /// The settings of the hosts on the way to <paramref name="settings"/>, in the order in which they are connected to. As in ssh each
    /// is found by its own name in the same files; what the command line says is for the destination alone.
    /// </summary>
    /// <exception cref="UsageException">The way leads in a circle or is too long, or a file cannot be used.</exception>
    public IReadOnlyList<SshSettings> Way(SshSettings settings)
    {
        var way = new List<SshSettings>();
        for (var last = settings; last.ProxyJump is [.., var jump];)
        {
            // The last one is reached through those before it, or else by a way of its own.
            var before = last.ProxyJump.Count > 1 ? last.ProxyJump.SkipLast(1).ToList() : null;
            var values = new SettingValues { User = jump.User, Port = jump.Port, ProxyJump = before };
            var hop = Resolve(jump.Host, values);
            if (IsSame(last, hop))
            {
                throw new UsageException(
                    $"ProxyJump leads in a circle: {PrintableText.OneLine(hop.Host)} is on the way to itself;"
                    + $" give it ProxyJump none, before the line that is for all");
            }

            way.Add(hop);
            if (way.Count > MaxJumps)
                throw new UsageException($"ProxyJump: more than {MaxJumps} hosts on the way to {PrintableText.OneLine(settings.Host)}");
            last = hop;
        }

        way.Reverse();
        return way;
    }

    private static bool IsSame(SshSettings one, SshSettings other) =>
        (one.HostName, one.Port, one.User) == (other.HostName, other.Port, other.User);

    /// <returns>Whether the files ask for a second pass.</returns>
    private bool ReadFiles(MatchTarget target, SettingValues values)
    {
        var reader = new ConfigReader(target, values, user, Notice);
        foreach (var source in sources)
            reader.Read(source);
        return reader.WantsFinalPass;
    }

    private void Notice(string text)
    {
        if (_noticed.Add(text))
            notice(text);
    }
}
