using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>A keyword of ssh_config(5), or of ours, that means something here.</summary>
/// <param name="Keyword">As in ssh_config(5); case does not matter.</param>
/// <param name="Value">What the help calls its value.</param>
/// <param name="Summary">For the help.</param>
/// <param name="Apply">Takes the line's value; throws <see cref="UsageException"/>.</param>
internal sealed record Setting(string Keyword, string Value, string Summary, Action<SettingValues, ConfigLine> Apply)
{
    /// <summary>A setting of one word.</summary>
    public static Setting Word(string keyword, string value, string summary, Action<SettingValues, string> apply) =>
        new(keyword, value, summary, (values, line) => apply(values, line.Words is [var word]
            ? word
            : throw new UsageException(
                $"{keyword} takes one value, and {PrintableText.Quote(line.Words[1])} is one too many; quotes hold words together")));
}
