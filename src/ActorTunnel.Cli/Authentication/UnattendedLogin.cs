using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Cli.Authentication;

/// <summary>Logs in with a password that is fetched for each login.</summary>
internal sealed class UnattendedLogin(PasswordSource source)
{
    /// <summary>As password authentication (RFC 4252, section 8).</summary>
    public SshCredential AsPassword() => new PasswordCredential(AskAsync);

    /// <summary>As keyboard-interactive authentication (RFC 4256).</summary>
    public SshCredential AsAnswer() => new KeyboardInteractiveCredential(AnswerAsync);

    // Offered once per login: the same wrong password again would only lock the account.
    private async ValueTask<byte[]?> AskAsync(int attempt, CancellationToken cancellationToken) =>
        attempt == 0 ? await source(cancellationToken) : null;

    // A single hidden answer is what a password is; for anything else it would be a guess.
    private async ValueTask<byte[][]?> AnswerAsync(InteractiveRequest request, int attempt, CancellationToken cancellationToken) =>
        request.Prompts.Count == 0 ? []
        : attempt == 0 && request.Prompts is [{ Echo: false }] ? [await source(cancellationToken)]
        : null;
}
