namespace ActorTunnel.Cli.CommandLine;

/// <summary>The command line cannot be used. The message is one line that says what to write instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
