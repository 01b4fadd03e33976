using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.Check;

/// <summary>What <c>actortunnel check --help</c> prints.</summary>
internal static class CheckHelp
{
    public static string Text { get; } = $"""
        Look a configuration file of actortunnel proxy over, without starting anything.

        Usage: actortunnel check [-c FILE]
               actortunnel check [-c FILE] --destination HOST[:PORT] [--user NAME] [--client ADDRESS]
               actortunnel check --schema

        All mistakes are told at once, with line and path, and warnings of what may not be meant.
        Keys and password files are opened as the proxy does it; no SSH server is asked, and no
        password command runs. A file without mistakes is summed up.

        With --destination it says what would become of a connection: rule by rule why it matches
        or not, and then where the connection goes and who logs in there.

        Examples:
          actortunnel check -c /etc/actortunnel/actortunnel.json
          actortunnel check --destination ftp.internal
          actortunnel check --destination 10.1.2.3:2121 --user alice --client 192.0.2.7
          actortunnel check --schema > actortunnel.schema.json
            ("$schema": "./actortunnel.schema.json" in the file makes editors help with it)

        Options:
        {HelpTable.Of(CheckArguments.Options.Select(option => (HelpTable.Usage(option), option.Summary)))}

        Exit codes:
          0  no mistakes (there may be warnings)
          2  mistakes, or a command line that cannot be used
        """;
}
