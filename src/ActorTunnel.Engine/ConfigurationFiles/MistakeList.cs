namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>Mistakes as they are found. After the hundredth nobody reads on.</summary>
internal sealed class MistakeList
{
    private const int Max = 100;
    private const int MaxQuoted = 60;

    private readonly List<Mistake> _mistakes = [];

    /// <summary>In the order of the lines.</summary>
    public IReadOnlyList<Mistake> InOrder => [.. _mistakes.OrderBy(mistake => mistake.Line)];

    public bool IsFull => _mistakes.Count >= Max;

    public void Add(int line, string path, string text)
    {
        if (!IsFull)
            _mistakes.Add(new Mistake(line, path, text));
        if (_mistakes.Count == Max)
            _mistakes.Add(new Mistake(line, path, $"these are {Max} mistakes; more are not shown"));
    }

    /// <summary>Whether there is a mistake in this section, or in what it is part of.</summary>
    public bool Touch(string path) =>
        _mistakes.Exists(mistake =>
            mistake.Path == path || IsIn(mistake.Path, path) || (mistake.Path.Length > 0 && IsIn(path, mistake.Path)));

    /// <summary>In quotes; a long text is cut.</summary>
    public static string Quote(string text) => text.Length <= MaxQuoted ? $"'{text}'" : $"'{text[..MaxQuoted]}...'";

    private static bool IsIn(string inner, string outer) =>
        inner.Length > outer.Length && inner.StartsWith(outer, StringComparison.Ordinal) && inner[outer.Length] is '.' or '[';
}
