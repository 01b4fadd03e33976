using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli;

/// <summary>Selects the command, and turns every error into one line and an exit code.</summary>
internal sealed class Application(IReadOnlyList<ICommand> commands, CommandOutput output)
{
    public async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            return await SelectAsync(arguments);
        }
        catch (UsageException exception)
        {
            output.Report(exception.Message);
            return Failure.Configuration.ExitCode();
        }
        catch (TunnelException exception)
        {
            output.Report(exception.Message);
            return exception.Failure.ExitCode();
        }
        // The last resort, so that nobody meets a stack trace: anything that gets here is a defect of ours.
        catch (Exception exception)
        {
            output.Report($"unexpected error: {exception.Message} ({exception.GetType().Name}); -v shows where");
            if (output.Verbosity > 0)
                output.Error.WriteLine(exception);
            return Failure.Internal.ExitCode();
        }
    }

    private Task<int> SelectAsync(string[] arguments)
    {
        if (arguments is [] or ["-h" or "--help" or "help"])
            return Task.FromResult(Print(Help()));
        if (arguments is ["-V" or "--version"])
            return Task.FromResult(Print(ProductVersion.Line));
        if (arguments[0].StartsWith('-'))
        {
            var first = PrintableText.OneLine(arguments[0]);
            throw new UsageException($"the command is missing; write actortunnel {commands[0].Name} {first} ...");
        }

        return arguments is ["help", var name, ..]
            ? Find(name).RunAsync(["--help"], output)
            : Find(arguments[0]).RunAsync(arguments[1..], output);
    }

    private int Print(string text)
    {
        output.Result.WriteLine(text);
        return Failure.None.ExitCode();
    }

    private ICommand Find(string name) =>
        commands.FirstOrDefault(command => command.Name == name)
        ?? throw new UsageException(
            $"unknown command {PrintableText.Quote(name)}{NearestName.Hint(name, commands.Select(command => command.Name))}");

    private string Help() => $"""
        ActorTunnel carries FTP through SSH: point an FTP client at a local port, and its
        control connection and every data connection, passive or active, travel inside one
        SSH connection to a server that you can already log in to.

        Usage: actortunnel COMMAND ...

        Commands:
        {HelpTable.Of(commands.Select(command => (command.Name, command.Summary)))}

        Try it:
          actortunnel forward -L ftp/2121:ftp.internal:21 alice@ssh.example.com
          curl ftp://user@localhost:2121/        (in another terminal)

        For applications that keep their own destinations: actortunnel proxy --help

        actortunnel COMMAND --help says more.
        """;
}
