using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.Daemon;
using ActorTunnel.Cli.Daemon.Profiles;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.Check;

/// <summary><c>actortunnel check</c>: what is wrong in a configuration file, or what it means.</summary>
internal sealed class CheckCommand(TimeProvider time) : ICommand
{
    public string Name => "check";

    public string Summary => "look a configuration file over, and explain what its rules do";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandOutput output)
    {
        var check = CheckArguments.Parse(arguments);
        output.Verbosity = check.Verbosity;
        if (check.Help || check.Version || check.Schema)
        {
            output.Result.Write(check.Help ? $"{CheckHelp.Text}\n" : check.Version ? $"{ProductVersion.Line}\n" : ConfigurationSchema.Text);
            return Failure.None.ExitCode();
        }

        // As the proxy reads it, so that it cannot differ; nobody is asked for a passphrase there either.
        using var secrets = new RememberedSecrets();
        var loader = new ConfigurationLoader(
            check.ConfigurationFile,
            new ProfileBuilder(terminal: null, secrets, output, time),
            new ProfileKeys(secrets, output, time),
            output.Report,
            time);
        if (await loader.LoadAsync(CancellationToken.None) is not { } configuration)
            return Failure.Configuration.ExitCode();

        var lines = check.Host is null
            ? ConfigurationSummary.Lines(configuration)
            : await new Explanation(configuration).LinesAsync(check.Request, CancellationToken.None);
        foreach (var line in lines)
            output.Result.WriteLine(PrintableText.OneLine(line));
        if (check.Host is null)
            output.Result.WriteLine($"{PrintableText.OneLine(check.ConfigurationFile)}: no mistakes");
        return Failure.None.ExitCode();
    }
}
