namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>What is wrong in a configuration file, and what to write; or, for a warning, what may not be meant.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Path">As in <c>rules[2].ports</c>; empty: the file as a whole.</param>
/// <param name="Text">One line for a person. It never repeats a value that could be a secret.</param>
public sealed record Mistake(int Line, string Path, string Text)
{
    /// <summary>As compilers write it.</summary>
    public string In(string file) => Path.Length == 0 ? $"{file}:{Line}: {Text}" : $"{file}:{Line}: {Path}: {Text}";
}
