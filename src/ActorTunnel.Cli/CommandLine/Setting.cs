namespace ActorTunnel.Cli.CommandLine;

/// <summary>A keyword of <c>-o</c>.</summary>
/// <param name="Keyword">As in ssh_config(5); case does not matter.</param>
/// <param name="Value">What the help calls its value.</param>
/// <param name="Summary">For the help.</param>
/// <param name="Apply">Takes the value; throws <see cref="UsageException"/>.</param>
internal sealed record Setting(string Keyword, string Value, string Summary, Action<ForwardArguments, string> Apply);
