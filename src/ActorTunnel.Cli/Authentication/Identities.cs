using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Authentication;

/// <summary>Finds the private keys to log in with. One that cannot be used is named on standard error and left out, as in ssh.</summary>
internal sealed class Identities(KeyOpener opener, CommandOutput output)
{
    /// <summary>What ssh looks for in ~/.ssh, of the types we have.</summary>
    private static readonly string[] _defaults = ["id_ed25519", "id_ecdsa", "id_rsa"];

    /// <summary>The keys of the files given; when none of these is there, the default ones.</summary>
    public async Task<IReadOnlyList<SshCredential>> LoadAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        foreach (var path in files.Select(UserPath.Expand))
        {
            if (Path.Exists(path))
                paths.Add(path);
            else
                output.Report($"identity file {path} does not exist; going on without it");
        }

        if (paths.Count == 0)
            paths.AddRange(_defaults.Select(name => Path.Combine(UserPath.Home, ".ssh", name)).Where(File.Exists));

        var credentials = new List<SshCredential>();
        foreach (var path in paths.Distinct())
        {
            try
            {
                if (await FindPublicKeyAsync(path, cancellationToken) is { } publicKey)
                    credentials.Add(new PublicKeyCredential(publicKey, token => opener.OpenAsync(path, publicKey, token)));
            }
            catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable)
            {
                // Another key or a password may still do.
                output.Report(exception.Message);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                output.Report($"cannot read the private key {path}: {exception.Message}");
            }
        }

        return credentials;
    }

    /// <summary>The public half, by which the key is offered; null when the key must not or cannot be used.</summary>
    private async ValueTask<PublicKey?> FindPublicKeyAsync(string path, CancellationToken cancellationToken)
    {
        using var file = SecretFile.Read(path);
        if (file.IsOurs && file.IsOpenToOthers)
        {
            output.Report($"private key {path} is open to others (mode {file.OctalMode}) and is ignored; run: chmod 600 {path}");
            return null;
        }

        var keyFile = KeyFile.Parse(path, file.Content);
        if (keyFile.IsEncrypted && !opener.CanAsk)
        {
            output.Report($"private key {path} needs a passphrase and there is no terminal to ask for it; going on without it");
            return null;
        }

        return keyFile.PublicKey ?? ReadPublicFile(path + ".pub") ?? await AskPublicHalfAsync(path, cancellationToken);
    }

    private static PublicKey? ReadPublicFile(string path)
    {
        if (!File.Exists(path))
            return null;

        using var file = SecretFile.Read(path);
        return PublicKey.ParseLine(System.Text.Encoding.UTF8.GetString(file.Content.Span));
    }

    // Without its .pub beside it an encrypted PEM file does not say what to offer: the passphrase is asked for now, not when needed.
    private async ValueTask<PublicKey> AskPublicHalfAsync(string path, CancellationToken cancellationToken)
    {
        using var key = await opener.OpenAsync(path, cancellationToken);
        return key.PublicKey;
    }
}
