using ActorTunnel.Cli;
using ActorTunnel.Cli.Check;
using ActorTunnel.Cli.Daemon;
using ActorTunnel.Cli.Demo;
using ActorTunnel.Cli.Import;
using ActorTunnel.Cli.Output;

// The commands, in the order of the help.
ICommand[] commands =
[
    new ForwardCommand(TimeProvider.System),
    new ProxyCommand(TimeProvider.System),
    new CheckCommand(TimeProvider.System),
    new ImportCommand(),
    new DemoCommand(TimeProvider.System),
];

return await new Application(commands, new CommandOutput(Console.Out, Console.Error)).RunAsync(args);
