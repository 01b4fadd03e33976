using ActorTunnel.Cli.SshConfig;

namespace ActorTunnel.Cli.Authentication;

/// <summary>The ways to log in that there are here, by their names in SSH (RFC 4252, section 5; RFC 4256).</summary>
internal static class LoginMethods
{
    public const string PublicKey = "publickey";
    public const string KeyboardInteractive = "keyboard-interactive";
    public const string Password = "password";

    /// <summary>Those that the settings allow, best first. Names of others' methods in a preference say nothing here.</summary>
    /// <param name="settings">What was set.</param>
    /// <param name="knowsPassword">
    /// It is said first where it is asked for by its name: a hidden question may be for another secret. Otherwise in ssh's order.
    /// </param>
    public static IEnumerable<string> Of(SshSettings settings, bool knowsPassword) =>
        (settings.PreferredAuthentications ?? (knowsPassword
            ? [PublicKey, Password, KeyboardInteractive]
            : [PublicKey, KeyboardInteractive, Password])).Distinct().Where(method => method switch
        {
            PublicKey => settings.PubkeyAuthentication,
            KeyboardInteractive => settings.KbdInteractiveAuthentication,
            Password => settings.PasswordAuthentication,
            _ => false,
        });
}
