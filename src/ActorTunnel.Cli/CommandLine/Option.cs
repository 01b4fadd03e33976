namespace ActorTunnel.Cli.CommandLine;

/// <summary>One option of a command.</summary>
/// <param name="Letter">The short name, without its dash; null when there is none.</param>
/// <param name="Word">The long name, without its dashes; null when there is none.</param>
/// <param name="Value">What the help calls the option's value; null for an option without one.</param>
/// <param name="Summary">For the help.</param>
/// <param name="Apply">Takes the value (empty for an option without one); throws <see cref="UsageException"/>.</param>
internal sealed record Option<T>(char? Letter, string? Word, string? Value, string Summary, Action<T, string> Apply)
{
    /// <summary>The name that messages use.</summary>
    public string Name => Letter is { } letter ? $"-{letter}" : $"--{Word}";
}
