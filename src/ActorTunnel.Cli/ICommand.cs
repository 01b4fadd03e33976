using ActorTunnel.Cli.Output;

namespace ActorTunnel.Cli;

/// <summary>One command of <c>actortunnel</c>.</summary>
internal interface ICommand
{
    /// <summary>The word that selects it.</summary>
    string Name { get; }

    /// <summary>One line for the list of commands.</summary>
    string Summary { get; }

    /// <summary>Runs the command to its end and returns the exit code. What it throws is reported by <see cref="Application"/>.</summary>
    Task<int> RunAsync(IReadOnlyList<string> arguments, CommandOutput output);
}
