using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Lab.Demo;
using Spectre.Console;

namespace ActorTunnel.Cli.Demo;

/// <summary><c>actortunnel demo</c>: servers, tunnel and client in this process, real transfers between them.</summary>
internal sealed class DemoCommand(TimeProvider time) : ICommand
{
    private static readonly Option<DemoArguments>[] _options =
    [
        new('v', null, null, "log to standard error; twice or three times for more", (arguments, _) => arguments.Verbosity++),
        new('h', "help", null, "this text", (arguments, _) => arguments.Help = true),
    ];

    public string Name => "demo";

    public string Summary => "try it: an SSH and an FTP server on loopback, and transfers through the tunnel";

    private static string Help => $"""
        Starts an SSH server and an FTP server on loopback, tunnels FTP through them, and lists,
        downloads and uploads files in passive, extended passive, active and extended active mode.
        The SHA-256 of every file is compared on both sides. Nothing needs to be installed.

        Usage: actortunnel demo [OPTION...]

        Options:
        {HelpTable.Of(_options.Select(option => (HelpTable.Usage(option), option.Summary)))}

        It exits with 0 when every file arrived unchanged, and with 1 otherwise.
        """;

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandOutput output)
    {
        var demo = new DemoArguments();
        new OptionTable<DemoArguments>(
                _options,
                (_, text) => throw new UsageException($"{PrintableText.Quote(text)} is one argument too many"))
            .Apply(arguments, demo);
        output.Verbosity = demo.Verbosity;
        if (demo.Help)
        {
            output.Result.WriteLine(Help);
            return Failure.None.ExitCode();
        }

        using var signals = new StopSignals();
        try
        {
            return await RunAsync(output, signals.Stop) ? Failure.None.ExitCode() : Failure.Internal.ExitCode();
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return Failure.Shutdown.ExitCode();
        }
    }

    private async Task<bool> RunAsync(CommandOutput output, CancellationToken stop)
    {
        using var loggers = new LineLoggerFactory(output.Error, output.Verbosity, time);
        await using var site = await DemoSite.StartAsync(loggers, time, stop);
        output.Result.WriteLine($"FTP client -> {site.Entry} -> SSH {site.SshServer} -> FTP server {site.FtpServer}");
        return await new DemoView(CreateConsole()).ShowAsync(site.Run, stop);
    }

    /// <summary>Colours and bars only for a terminal: a log or a pipe wants plain lines.</summary>
    private static IAnsiConsole CreateConsole()
    {
        var settings = new AnsiConsoleSettings();
        if (Console.IsOutputRedirected)
        {
            settings.Ansi = AnsiSupport.No;
            settings.ColorSystem = ColorSystemSupport.NoColors;
            settings.Interactive = InteractionSupport.No;
        }

        return AnsiConsole.Create(settings);
    }

    private sealed class DemoArguments
    {
        public bool Help { get; set; }

        public int Verbosity { get; set; }
    }
}
