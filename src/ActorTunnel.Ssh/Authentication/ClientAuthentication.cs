using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Wire;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>
/// Logs the user in (RFC 4252): asks what the server accepts, then tries the credentials in their order, as the server allows at
/// that moment. A partial success narrows what may follow.
/// </summary>
internal sealed class ClientAuthentication(KeyExchangeLayer connection, SshClientOptions options, ILogger logger)
{
    private readonly AuthenticationExchange _exchange = new(connection, options.User, options.Banner);
    private readonly List<string> _tried = [];

    // sshd's two ways of asking for a password check the same one, and each failure counts where accounts are locked.
    private readonly List<Secret> _refused = [];
    private int _keysTried;

    /// <exception cref="SshException">
    /// <see cref="SshFailure.AuthenticationFailed"/>: names what was tried and what would be accepted.
    /// </exception>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _exchange.RequestServiceAsync().ConfigureAwait(false);
            if (await ProbeAsync().ConfigureAwait(false) is { } allowed)
                await TryAllAsync(allowed, cancellationToken).ConfigureAwait(false);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ClosedByPeer && _tried.Count > 0)
        {
            // Servers hang up after too many attempts: for a person that is a failed login, not a lost connection.
            throw Failed($"{exception.Message.TrimEnd('.')}. Tried: {string.Join(", ", _tried)}.{TooManyKeys()}", exception);
        }
    }

    /// <summary>Which methods there are; null when the server lets everybody in.</summary>
    private async ValueTask<IReadOnlyList<string>?> ProbeAsync()
    {
        _exchange.RequestNone();
        var result = await _exchange.ReadResultAsync().ConfigureAwait(false);
        return result.IsSuccess ? null : result.CanContinue;
    }

    private async ValueTask TryAllAsync(IReadOnlyList<string> allowed, CancellationToken cancellationToken)
    {
        List<ClientMethod> remaining = [.. options.Credentials.Select(CreateMethod)];
        while (remaining.Find(method => allowed.Contains(method.Name)) is { } method)
        {
            remaining.Remove(method);
            if (method.Secret is { } known && _refused.Exists(known.IsLike))
                continue;
            _keysTried += method is PublicKeyMethod ? 1 : 0;
            AuthenticationResult result;
            try
            {
                result = await method.TryAsync(_exchange, cancellationToken).ConfigureAwait(false);
            }
            catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable)
            {
                // Another credential may do; if none does, the reason stands in the message.
                _tried.Add($"{method.Description}: {exception.Message.TrimEnd('.')}");
                continue;
            }

            if (!method.WasTried)
                continue;
            _tried.Add(method.Description);
            logger.AuthenticationTried(
                method.Description, result.IsSuccess ? "succeeded" : result.IsPartialSuccess ? "succeeded in part" : "failed");
            if (result.IsSuccess)
                return;
            if (method is { Secret: { } secret, HasTold: true } && !result.IsPartialSuccess)
                _refused.Add(secret);
            allowed = result.CanContinue;
        }

        var tried = _tried.Count == 0 ? "nothing that the server accepts was at hand" : $"tried {string.Join(", ", _tried)}";
        var accepted = PeerText.Line(string.Join(", ", allowed));
        throw Failed($"Authentication as '{options.User}' failed: {tried}; the server accepts {accepted}.");
    }

    // sshd counts every key that is offered as an attempt, and allows six of them (MaxAuthTries).
    private string TooManyKeys() => _keysTried < 2
        ? ""
        : $" {_keysTried} keys were offered, which may be more than the server allows: give the right one, with IdentitiesOnly=yes.";

    private ClientMethod CreateMethod(SshCredential credential) => credential switch
    {
        PublicKeyCredential publicKey => new PublicKeyMethod(publicKey, connection),
        PasswordCredential password => new PasswordMethod(password),
        KeyboardInteractiveCredential interactive => new KeyboardInteractiveMethod(interactive),
        _ => throw new NotSupportedException($"Credential of type {credential.GetType()}."),
    };

    private static SshException Failed(string message, Exception? cause = null) => new(SshFailure.AuthenticationFailed, message, cause);
}
