using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Cli.Terminals;

namespace ActorTunnel.Cli.Authentication;

/// <summary>Gives passwords (RFC 4252, section 8): the one typed before, or the one that a person types now.</summary>
internal sealed class PasswordLogin(string account, ITerminal terminal, RememberedSecrets secrets)
{
    private readonly string _question = $"{PrintableText.OneLine(account)}'s password: ";

    /// <summary>How often a person is asked in one login.</summary>
    public int MaxTries { get; init; } = SshSettings.DefaultPasswordPrompts;

    /// <summary>The password for the n-th attempt of a login, from 0; null to stop.</summary>
    public async ValueTask<byte[]?> AskAsync(int attempt, CancellationToken cancellationToken)
    {
        if (attempt == 0 && secrets.Recall(_question) is { } known)
            return known;

        secrets.Forget(_question);
        if (attempt >= MaxTries)
            return null;
        if (attempt > 0)
            terminal.Say("Permission denied, please try again.");

        var password = await terminal.AskAsync(_question, echo: false, cancellationToken);
        if (password is not null)
            secrets.Remember(_question, password, proven: false);
        return password;
    }
}
