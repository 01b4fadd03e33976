namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>Reads a configuration file's text. It finds all mistakes at once, or after a mistake in the JSON itself that one.</summary>
public static class ConfigurationReader
{
    /// <summary>The longest file.</summary>
    public const int MaxLength = JsonTreeReader.MaxLength;

    /// <summary>Never throws: what is wrong is in <see cref="ConfigurationSource.Mistakes"/>.</summary>
    /// <param name="text">UTF-8.</param>
    public static ConfigurationSource Read(ReadOnlySpan<byte> text)
    {
        var mistakes = new MistakeList();
        if (JsonTreeReader.Read(text, mistakes) is not { } tree)
            return new ConfigurationSource(new ConfigurationFile(), null, mistakes);
        return new ConfigurationSource(new SectionBinder(mistakes).Bind<ConfigurationFile>(tree), tree, mistakes);
    }
}
