using ActorTunnel.Cli;
using ActorTunnel.Cli.Output;

// The commands, in the order of the help. DemoCommand is registered here.
ICommand[] commands = [new ForwardCommand(TimeProvider.System)];

return await new Application(commands, new CommandOutput(Console.Out, Console.Error)).RunAsync(args);
