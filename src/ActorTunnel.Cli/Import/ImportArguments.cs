using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.Import;

/// <summary>What <c>actortunnel import</c> was told.</summary>
internal sealed class ImportArguments
{
    public static IReadOnlyList<Option<ImportArguments>> Options { get; } =
    [
        new('o', "output", "FILE", "write there, not to standard output; a file that exists is left as it is",
            (arguments, file) => arguments.Output = UserPath.Expand(file)),
        new('v', null, null, "show where an unexpected error came from", (arguments, _) => arguments.Verbosity++),
        new('h', "help", null, "this text", (arguments, _) => arguments.Help = true),
    ];

    public bool Help { get; private set; }

    public int Verbosity { get; private set; }

    /// <summary>Null: standard output.</summary>
    public string? Output { get; private set; }

    public List<string> Files { get; } = [];

    /// <exception cref="UsageException">They cannot be used.</exception>
    public static ImportArguments Parse(IReadOnlyList<string> arguments)
    {
        var result = new ImportArguments();
        new OptionTable<ImportArguments>(Options, (target, text) => target.Files.Add(text)).Apply(arguments, result);
        return result.Help || result.Files.Count > 0
            ? result
            : throw new UsageException("name the file to import, as in actortunnel import ssh-socks-proxy-config.xml");
    }
}
