using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;

namespace ActorTunnel.Cli.Daemon;

/// <summary>What <c>actortunnel proxy</c> was told.</summary>
internal sealed class ProxyArguments
{
    public const string DefaultFile = "actortunnel.json";

    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<Option<ProxyArguments>> Options { get; } =
    [
        new('c', "config", "FILE", $"the configuration file ({DefaultFile})",
            (arguments, value) => arguments.ConfigurationFile = value),
        new('v', null, null, "say what happens; -vv and -vvv say more",
            (arguments, _) => arguments.Verbosity++),
        new('h', "help", null, "this text",
            (arguments, _) => arguments.Help = true),
        new('V', "version", null, "the version",
            (arguments, _) => arguments.Version = true),
    ];

    public string ConfigurationFile { get; private set; } = DefaultFile;

    public bool Help { get; private set; }

    public bool Version { get; private set; }

    public int Verbosity { get; private set; }

    /// <exception cref="UsageException">They cannot be used.</exception>
    public static ProxyArguments Parse(IReadOnlyList<string> arguments)
    {
        var result = new ProxyArguments();
        new OptionTable<ProxyArguments>(Options, (_, text) => throw new UsageException(
            $"{PrintableText.Quote(text)} is one argument too many; the configuration file is given with -c")).Apply(arguments, result);
        return result;
    }
}
