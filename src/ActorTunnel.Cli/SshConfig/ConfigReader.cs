using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>
/// Reads configuration files (ssh_config(5)) for one host. Lines that are not for the host are read too, for their form, into values
/// that nobody looks at.
/// </summary>
internal sealed class ConfigReader
{
    /// <summary>Files within files, as in OpenSSH (READCONF_MAX_DEPTH).</summary>
    private const int MaxDepth = 16;

    /// <summary>Files in all: two lines that include their own file are a tree of 2^16.</summary>
    private const int MaxFiles = 1000;

    private readonly MatchTarget _target;
    private readonly SettingValues _values;
    private readonly LocalUser _user;
    private readonly MatchCriteria _criteria;
    private int _files;

    // Where the line that is being read stands.
    private string _place = "";

    /// <param name="target">The host.</param>
    /// <param name="values">What is known already, and gets what is found.</param>
    /// <param name="user">Whose files they are.</param>
    /// <param name="notice">Receives what a person should know of a line that is left out.</param>
    public ConfigReader(MatchTarget target, SettingValues values, LocalUser user, Action<string> notice)
    {
        _target = target;
        _values = values;
        _user = user;
        _criteria = new MatchCriteria(target, values, user, text => notice($"{_place}: {text}"));
    }

    /// <summary>Whether a line asked for a second pass over the files.</summary>
    public bool WantsFinalPass => _criteria.WantsFinalPass;

    /// <summary>Reads a file, and what it includes.</summary>
    /// <exception cref="UsageException">A line or a file cannot be used; the message begins with its place.</exception>
    public void Read(ConfigSource source)
    {
        if (!ReadFile(source, depth: 0, isActive: true) && source.MustExist)
            throw new UsageException($"there is no configuration file {source.Path}");
    }

    private bool ReadFile(ConfigSource source, int depth, bool isActive)
    {
        if (depth > MaxDepth || ++_files > MaxFiles)
            throw new UsageException($"{_place}: too many files include each other");
        if (ConfigFile.Read(source.Path, source.MustBeOurs) is not { } lines)
            return false;

        // In a file that is included by lines for another host, nothing is for this one.
        var mayMatch = isActive;
        foreach (var (index, text) in lines.Index())
        {
            _place = $"{source.Path}:{index + 1}";
            var line = At(_place, () => ConfigLine.Parse(text));
            if (line is null)
                continue;
            if (line.Keyword.Equals("Include", StringComparison.OrdinalIgnoreCase))
                Include(line, source, depth, isActive);
            else
                isActive = At(_place, () => Apply(line, mayMatch, isActive));
        }

        return true;
    }

    private bool Apply(ConfigLine line, bool mayMatch, bool isActive)
    {
        switch (line.Keyword.ToLowerInvariant())
        {
            case "host":
                CheckWords(line);
                return mayMatch && PatternList.Matches(line.Words, _target.Name);
            case "match":
                return _criteria.AreMet(line, mayMatch);
            default:
                SettingTable.Apply(isActive ? _values : new SettingValues(), line, _values.IgnoreUnknown);
                return isActive;
        }
    }

    private void Include(ConfigLine line, ConfigSource source, int depth, bool isActive)
    {
        var place = _place;
        At(place, () => CheckWords(line));
        foreach (var path in line.Words.Select(word => AbsolutePath(word, source)).SelectMany(IncludePaths.Find))
        {
            ReadFile(source with { Path = path, MustBeOurs = true }, depth + 1, isActive);
            _place = place;
        }
    }

    private string AbsolutePath(string word, ConfigSource source) => word.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(_user.Home, word[2..])
        : Path.Combine(source.IncludeFolder, word);

    // A comment is no word and no error: such a Host is for nobody.
    private static bool CheckWords(ConfigLine line) => line.Text.Length > 0 && !line.Words.Contains("")
        ? true
        : throw new UsageException($"{line.Keyword} needs a value");

    private static T At<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UsageException exception)
        {
            throw new UsageException($"{place}: {exception.Message}");
        }
    }
}
