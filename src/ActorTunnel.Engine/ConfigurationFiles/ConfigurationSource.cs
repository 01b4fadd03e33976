namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>A configuration file that has been read, and where each value stands in it.</summary>
public sealed class ConfigurationSource
{
    private readonly Dictionary<string, int> _lines = [];

    internal ConfigurationSource(ConfigurationFile file, JsonTree? tree, MistakeList mistakes)
    {
        (File, MistakeList) = (file, mistakes);
        if (tree is not null)
            Remember(tree);
    }

    /// <summary>As far as it could be read.</summary>
    public ConfigurationFile File { get; }

    /// <summary>In the order of the lines; empty: the form is right.</summary>
    public IReadOnlyList<Mistake> Mistakes => MistakeList.InOrder;

    internal MistakeList MistakeList { get; }

    /// <summary>The path of a profile's key, or of the profile when it is empty.</summary>
    public static string PathOfProfile(string profile, string key)
    {
        var path = JsonTree.Join("profiles", profile);
        return key.Length == 0 ? path : JsonTree.Join(path, key);
    }

    /// <summary>Whether the form of the profile is wrong somewhere: then what it leaves out may be there.</summary>
    public bool IsProfileBroken(string profile) => MistakeList.Touch(PathOfProfile(profile, ""));

    /// <summary>What somebody else has found out about a value of this file.</summary>
    public Mistake MistakeAt(string path, string text) => new(LineOf(path), path, text);

    /// <summary>Whether the file says something there.</summary>
    internal bool Has(string path) => _lines.ContainsKey(path);

    /// <summary>Where a value stands, or, when it is not there, what it would be part of.</summary>
    internal int LineOf(string path)
    {
        while (path.Length > 0)
        {
            if (_lines.TryGetValue(path, out var line))
                return line;
            path = path[..Math.Max(path.LastIndexOfAny(['.', '[']), 0)];
        }

        return _lines.GetValueOrDefault("", 1);
    }

    private void Remember(JsonTree tree)
    {
        _lines.TryAdd(tree.Path, tree.Line);
        foreach (var (_, value) in tree.Members)
            Remember(value);
        tree.Items.ForEach(Remember);
    }
}
