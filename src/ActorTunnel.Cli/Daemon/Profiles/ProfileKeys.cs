using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Cli.Daemon.Profiles;

/// <summary>
/// Finds the keys of a profile. Done at the start and at each reload: the agent's answer takes time, and sessions must not wait.
/// </summary>
internal sealed class ProfileKeys(RememberedSecrets secrets, CommandOutput output, TimeProvider time)
{
    /// <param name="name">The profile, for what is said about its keys.</param>
    /// <param name="settings">What it says.</param>
    /// <param name="methods">Its methods, in their order.</param>
    /// <param name="passphrase">For keys that are encrypted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ILookup<LoginMethod, SshCredential>> LoadAsync(
        string name,
        SshSettings settings,
        IReadOnlyList<LoginMethod> methods,
        PasswordSource? passphrase,
        CancellationToken cancellationToken)
    {
        var agent = methods.Contains(LoginMethod.Agent)
            ? settings.AgentSocket ?? Environment.GetEnvironmentVariable("SSH_AUTH_SOCK")
            : null;
        var identities = new Identities(new KeyOpener(terminal: null, secrets) { Passphrase = passphrase }, output, time);
        var found = new List<(LoginMethod Method, PublicKeyCredential Credential)>();
        foreach (var method in methods.Where(method => method is LoginMethod.Agent or LoginMethod.PublicKey))
        {
            var files = method == LoginMethod.Agent ? [] : Files(settings);
            var loaded = await identities.LoadAsync(
                new IdentitySettings
                {
                    Host = $"profile {name}",
                    Files = files,
                    FilesAreGiven = false, // That they are there has been looked at, with the place in the configuration file.
                    CertificateFiles = method == LoginMethod.Agent ? [] : settings.CertificateFiles,
                    AgentSocket = agent is { Length: > 0 } ? agent : null,
                    IdentitiesOnly = method == LoginMethod.PublicKey,
                },
                cancellationToken);
            found.AddRange(loaded.Cast<PublicKeyCredential>().Select(credential => (method, credential)));
        }

        // A key that is in a file and in the agent is offered once: servers count.
        return found
            .DistinctBy(key => Convert.ToBase64String(key.Credential.PublicKey.Blob.Span))
            .ToLookup(key => key.Method, SshCredential (key) => key.Credential);
    }

    /// <summary>Why an encrypted key cannot be opened with the passphrase; null: it can.</summary>
    public async Task<string?> ProblemAsync(string file, PasswordSource passphrase, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await new KeyOpener(terminal: null, secrets) { Passphrase = passphrase }.OpenAsync(file, cancellationToken);
            return null;
        }
        catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable)
        {
            return exception.Message;
        }
    }

    /// <summary>The files to look at: those named, or else ssh's.</summary>
    public static IReadOnlyList<string> Files(SshSettings settings) => settings.IdentityFiles.Count > 0
        ? settings.IdentityFiles
        : [.. IdentitySettings.DefaultFiles.Select(UserPath.Expand)];
}
