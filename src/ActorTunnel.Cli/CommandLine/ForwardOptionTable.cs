using System.Net.Sockets;
using ActorTunnel.Cli.SshConfig;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>The options of <c>actortunnel forward</c>; its help is made from this table.</summary>
internal static class ForwardOptionTable
{
    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<Option<ForwardArguments>> Options { get; } =
    [
        new('L', null, "FORWARD", "what to forward; may be given several times",
            (arguments, value) => arguments.Forwards.Add(ForwardSpecification.Parse(value))),
        new('R', null, "FORWARD", "the same from there to here; may be given several times",
            (arguments, value) => arguments.RemoteForwards.Add(RemoteForwardSpecification.Parse(value))),
        new('g', null, null, "listen on all interfaces where -L names no bind address",
            (arguments, _) => arguments.AllInterfaces = true),
        new('p', null, "PORT", "port of the SSH server (22)",
            (arguments, value) => arguments.Settings.Port ??= PortNumber.Parse("-p", value)),
        new('l', null, "USER", "user to log in as (yours)",
            (arguments, value) => arguments.Settings.User ??= SettingValue.UserName("-l", value)),
        new('i', null, "FILE", "private key; may be given several times",
            (arguments, value) => SettingValue.Add("-i", arguments.Settings.IdentityFiles, value)),
        new('J', null, "HOSTS", "through these SSH servers, [USER@]HOST[:PORT] with commas",
            (arguments, value) => arguments.Jump(value)),
        new('F', null, "FILE", "this configuration file and no other; none is no file",
            (arguments, value) => arguments.ConfigFile ??= value),
        new('G', null, null, "print the settings for the server, as ssh -G, and end",
            (arguments, _) => arguments.PrintSettings = true),
        new(null, "password-file", "FILE", "first line is the password; mode 0600",
            (arguments, value) => arguments.PasswordFile ??= value),
        new('4', null, null, "IPv4 only",
            (arguments, _) => arguments.Settings.AddressFamily = AddressFamily.InterNetwork),
        new('6', null, null, "IPv6 only",
            (arguments, _) => arguments.Settings.AddressFamily = AddressFamily.InterNetworkV6),
        new('o', null, "KEY=VALUE", "a setting, see below",
            (arguments, value) => arguments.Set(value)),
        new('N', null, null, "accepted as in ssh: no command is ever run",
            (_, _) => { }),
        new('n', null, null, "accepted as in ssh: standard input is never read",
            (_, _) => { }),
        new('T', null, null, "accepted as in ssh: no terminal is ever allocated",
            (_, _) => { }),
        new('f', null, null, "not supported: it stays in the foreground",
            (_, _) => throw new UsageException(
                "-f: it stays in the foreground; leave -f out, and start it with & or as a service once it can log in unattended")),
        new('C', null, null, "not supported: data is not compressed",
            (_, _) => throw new UsageException("-C: compression is not supported; leave -C out, and compress files before their transfer")),
        new('v', null, null, "say what happens; -vv and -vvv say more",
            (arguments, _) => arguments.Verbosity++),
        new('h', "help", null, "this text",
            (arguments, _) => arguments.Help = true),
        new('V', "version", null, "the version",
            (arguments, _) => arguments.Version = true),
    ];
}
