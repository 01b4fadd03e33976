namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>Mistakes as they are found. After the hundredth nobody reads on.</summary>
internal sealed class MistakeList
{
    private const int Max = 100;
    private const int MaxQuoted = 60;

    private readonly List<Mistake> _mistakes = [];
    private readonly List<string> _broken = [];
    private readonly HashSet<string> _unsure = [];

    /// <summary>In the order of the lines.</summary>
    public IReadOnlyList<Mistake> InOrder => [.. _mistakes.OrderBy(mistake => mistake.Line)];

    public bool IsFull => _mistakes.Count >= Max;

    public void Add(int line, string path, string text) => Add(line, path, text, path);

    /// <param name="line">Where it stands.</param>
    /// <param name="path">What is shown.</param>
    /// <param name="text">What is wrong.</param>
    /// <param name="broken">What has no value because of it.</param>
    public void Add(int line, string path, string text, string broken)
    {
        if (!IsFull)
        {
            _mistakes.Add(new Mistake(line, path, text));
            _broken.Add(broken);
        }

        if (_mistakes.Count == Max)
            _mistakes.Add(new Mistake(line, path, $"these are {Max} mistakes; more are not shown"));
    }

    /// <summary>A key that is not known may be meant for any that is missing in its section.</summary>
    public void AddUnknown(int line, string section, string path, string text)
    {
        Add(line, path, text);
        _unsure.Add(section);
    }

    /// <summary>Whether there is a mistake in this section, or in what it is part of.</summary>
    public bool Touch(string path) => Cover(path) || _broken.Exists(broken => IsIn(broken, path));

    /// <summary>Whether there is a mistake at this place itself, or in what it is part of.</summary>
    public bool Cover(string path) => IsFull || _broken.Exists(broken => broken == path || (broken.Length > 0 && IsIn(path, broken)));

    /// <summary>Whether there are unknown keys in this section.</summary>
    public bool IsUnsure(string section) => _unsure.Contains(section);

    /// <summary>In quotes; a long text is cut.</summary>
    public static string Quote(string text) => text.Length <= MaxQuoted ? $"'{text}'" : $"'{text[..MaxQuoted]}...'";

    private static bool IsIn(string inner, string outer) =>
        inner.Length > outer.Length && inner.StartsWith(outer, StringComparison.Ordinal) && inner[outer.Length] is '.' or '[';
}
