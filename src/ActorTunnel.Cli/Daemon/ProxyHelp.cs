using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Engine;

namespace ActorTunnel.Cli.Daemon;

/// <summary>What <c>actortunnel proxy --help</c> prints.</summary>
internal static class ProxyHelp
{
    /// <summary>A whole configuration file; a test starts it.</summary>
    public const string Example = """
        {
          "socks": {},
          "profiles": {
            "ssh": { "host": "ssh.example.com", "hostKeyPolicy": "strict" }
          },
          "rules": [
            { "host": "*.internal", "ports": 21, "action": "ftp-tunnel", "profile": "ssh", "userFromApplication": true },
            { "action": "block" }
          ]
        }
        """;

    public static string Text { get; } = $"""
        SOCKS and FTP proxies, filter rules and fixed forwards, by a configuration file.

        Usage: actortunnel proxy [-c FILE] [-v]

        Applications keep their own destinations and get a SOCKS proxy (versions 4, 4a and 5).
        For each connection the first rule that matches decides: block it, make it directly,
        send it through SSH, or carry it as FTP with all its data connections. When no rule
        matches it is refused.

        A file as small as this one will do; // comments and trailing commas may be in it:

        {string.Join('\n', Example.Split('\n').Select(line => $"  {line.TrimEnd('\r')}"))}

        Then the SSH login is the FTP login, known host keys are those of ~/.ssh/known_hosts, and

          curl --socks5-hostname 127.0.0.1:1080 ftp://alice@ftp.internal/report.csv

        asks for alice's password, logs in to ssh.example.com with it, and gets the file from there.

        Options:
        {HelpTable.Of(ProxyArguments.Options.Select(option => (HelpTable.Usage(option), option.Summary)))}

        It prints a line for each listener when all are open, as in "socks 127.0.0.1:1080". An SSH
        server that is away keeps nothing from starting: connections to it fail until it is back.

        The file is read anew when it changes, and on SIGHUP with all files that it names. What is
        not changed stays untouched, sessions go on, and a file with mistakes changes nothing.
        limits and audit hold from the next start; audit files are opened anew on SIGHUP.

        Names of files are relative to the configuration file; they may begin with ~/, or with
        $CREDENTIALS_DIRECTORY/ for systemd's LoadCredential=. Files with secrets must have mode 0600.
        Whoever can write the configuration can run commands: it must be yours or root's alone.

        Ctrl-C or SIGTERM stops it: transfers in progress get {Stopping.Grace.TotalSeconds:0} seconds; then
        servers get up to {TunnelEngine.FarewellTime.TotalSeconds:0} more to hear that a broken transfer is broken. A second signal ends
        it at once.

        Exit codes:
        {HelpTable.Of(ExitCodes.Meanings.Select(code => (code.Number, code.Meaning)))}
        """;
}
