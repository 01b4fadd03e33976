using ActorTunnel.Cli.Authentication;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Cli.Daemon.Profiles;

/// <summary>
/// How a profile logs in, in its order: with what it has itself, or with the application's login. Whoever may use the proxy can name any
/// user there, so keys are tried for that user only when the profile names them.
/// </summary>
internal sealed class ProfileLogin
{
    private readonly IReadOnlyList<Step> _steps;
    private readonly bool _namesKeys;

    /// <param name="methods">In the order of trial.</param>
    /// <param name="keys">What each of the two methods with keys offers.</param>
    /// <param name="password">The profile's own; null: it has none.</param>
    /// <param name="namesKeys">Whether the keys are there because the profile says so.</param>
    public ProfileLogin(
        IReadOnlyList<LoginMethod> methods, ILookup<LoginMethod, SshCredential> keys, PasswordSource? password, bool namesKeys)
    {
        _namesKeys = namesKeys;
        var login = password is null ? null : new UnattendedLogin(password);
        _steps = [.. methods.Select(method => new Step(method, method switch
        {
            LoginMethod.Password => login is null ? [] : [login.AsPassword()],
            LoginMethod.KeyboardInteractive => login is null ? [] : [login.AsAnswer()],
            _ => [.. keys[method]],
        }))];
        Own = [.. _steps.SelectMany(step => step.Own)];
    }

    /// <summary>With what the profile has itself.</summary>
    public IReadOnlyList<SshCredential> Own { get; }

    /// <summary>For one session.</summary>
    public IReadOnlyList<SshCredential> For(ApplicationLogin? application) => application is null
        ? Own
        : [.. _steps.SelectMany(step => step.For(application, _namesKeys))];

    private sealed record Step(LoginMethod Method, IReadOnlyList<SshCredential> Own)
    {
        // The profile's own password is its user's, and nobody else's.
        public IReadOnlyList<SshCredential> For(ApplicationLogin application, bool namesKeys) => Method switch
        {
            LoginMethod.Password => [new PasswordCredential(application.Password)],
            LoginMethod.KeyboardInteractive => [new KeyboardInteractiveCredential(application.Password)],
            _ => namesKeys ? Own : [],
        };
    }
}
