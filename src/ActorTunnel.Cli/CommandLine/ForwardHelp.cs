using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Engine;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>What <c>actortunnel forward --help</c> prints.</summary>
internal static class ForwardHelp
{
    public static string Text { get; } = $"""
        Forward local ports through SSH, FTP with all its data connections.

        Usage: actortunnel forward -L|-R FORWARD... [OPTION...] [USER@]SSH-SERVER
               actortunnel forward -L|-R FORWARD... [OPTION...] ssh://[USER@]SSH-SERVER[:PORT]

        FORWARD is [ftp/|tcp/][BIND-ADDRESS:]PORT:HOST:HOSTPORT. The SSH server connects to
        HOST:HOSTPORT; clients connect to PORT here. ftp/ understands FTP, tcp/ (or nothing)
        carries any one connection. Without BIND-ADDRESS only this machine can connect; * or
        an empty one is everybody. An IPv6 address stands in brackets.

        -R is the other way round: clients connect to PORT on the SSH server, and HOST:HOSTPORT
        is reached from here. PORT 0 takes a free one; the line printed names it. For others than
        the SSH server's own programs its sshd needs GatewayPorts, and FTP clients use EPSV, or
        PASV with -o AdvertiseAddress.

        Examples:
          An FTP server that only the SSH server can reach:
            actortunnel forward -L ftp/2121:ftp.internal:21 alice@ssh.example.com
          Then, in another terminal:
            curl -O ftp://user@localhost:2121/report.csv
            lftp -p 2121 -u user localhost
          FTP and a database at once, SSH on port 2222, a key of its own:
            actortunnel forward -L ftp/2121:ftp.internal:21 -L 5432:db.internal:5432 \
                -p 2222 -i ~/.ssh/id_ed25519 alice@ssh.example.com
          For other machines, with a fixed range for the firewall:
            actortunnel forward -L 'ftp/*:2121:ftp.internal:21' -o DataPorts=50000-50099 \
                alice@ssh.example.com
          An FTP server of yours for clients on the SSH server:
            actortunnel forward -R ftp/2121:localhost:21 alice@ssh.example.com
          Unattended:
            actortunnel forward -L ftp/2121:ftp.internal:21 --password-file ~/.ssh/password \
                -o StrictHostKeyChecking=accept-new alice@ssh.example.com

        Options:
        {HelpTable.Of(ForwardOptionTable.Options.Select(option => (HelpTable.Usage(option), option.Summary)))}

        Settings for -o, as -o KEY=VALUE. What the command line does not say, ~/.ssh/config and
        /etc/ssh/ssh_config do, by the rules of ssh_config(5); the first value for a setting wins:
        {HelpTable.Of(SettingTable.Settings.Except(FtpSettingTable.Settings).Select(Row))}

        Settings for FTP, likewise:
        {HelpTable.Of(FtpSettingTable.Settings.Select(Row))}

        A setting whose name ends in File, and IdentityAgent, may have ~ and the tokens %h %p %r %u %d
        and ${"{NAME}"} of ssh_config(5). Match exec and ProxyCommand are not supported: no command is run.
        Each jump host has the settings that the files give for its own name.

        Proxy is a list of rules with ; between them, of which the first that fits is taken:
          socks5://USER@proxy:1080/*.internal,10.0.0.0/8;http://proxy:3128/*:22;direct://

        Logging in: keys of the SSH agent and those given with -i, or else ~/.ssh/id_rsa, id_ecdsa
        and id_ed25519; then keyboard-interactive and password, asked on the terminal, or from
        --password-file or the environment variable {UnattendedPassword.Variable}. Without a terminal
        nothing is asked.

        It prints a line for each listener when it is ready. Ctrl-C or SIGTERM stops it:
        transfers in progress get {Stopping.Grace.TotalSeconds:0} seconds; then servers get up to {TunnelEngine.FarewellTime.TotalSeconds:0} more
        to hear that a broken transfer is broken. A second signal ends it at once.

        Exit codes:
        {HelpTable.Of(ExitCodes.Meanings.Select(code => (code.Number, code.Meaning)))}
        """;

    private static (string, string) Row(Setting setting) => ($"{setting.Keyword}={setting.Value}", setting.Summary);
}
