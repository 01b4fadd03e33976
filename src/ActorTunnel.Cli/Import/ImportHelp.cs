using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.Import;

/// <summary>What <c>actortunnel import --help</c> prints.</summary>
internal static class ImportHelp
{
    public static string Text { get; } = $"""
        Make a configuration of SSH Tectia's: profiles, static tunnels and filter rules.

        Usage: actortunnel import [OPTION...] FILE.xml...

        FILE.xml is ssh-socks-proxy-config.xml or ssh-broker-config.xml, of 5.x or 6.x. With
        several, name them in the order in which Tectia reads them: default, global, user. Files
        that they refer to are not read.

        What has no equivalent here is never dropped silently: it is listed on standard error
        with its line, and stands as a comment at its place in what is written. A rule that
        cannot be said here as it is blocks, until you have decided. Passwords are not copied.

        Example:
          actortunnel import -o actortunnel.json /opt/tectia/etc/ssh-socks-proxy-config.xml
          actortunnel check -c actortunnel.json

        Options:
        {HelpTable.Of(ImportArguments.Options.Select(option => (HelpTable.Usage(option), option.Summary)))}

        It exits with 0 when a configuration was written, however much is listed.
        """;
}
