using System.Security.Cryptography;
using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.Terminals;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Authentication;

/// <summary>
/// Opens private key files, asking for the passphrase when one is needed. A file is read anew each time, so that the key is in memory
/// only while it signs.
/// </summary>
internal sealed class KeyOpener(ITerminal? terminal, RememberedSecrets secrets)
{
    /// <summary>As in ssh (NumberOfPasswordPrompts).</summary>
    private const int MaxTries = 3;

    /// <summary>Whether a passphrase could be asked for.</summary>
    public bool CanAsk => terminal is not null;

    /// <summary>Opens the key and makes sure that it is <paramref name="expected"/>.</summary>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>.</exception>
    public async ValueTask<PrivateKey> OpenAsync(string path, PublicKey expected, CancellationToken cancellationToken)
    {
        var key = await OpenAsync(path, cancellationToken);
        if (key.PublicKey.Blob.Span.SequenceEqual(expected.Blob.Span))
            return key;

        key.Dispose();
        throw Unusable($"{path} does not belong to {path}.pub; make that anew with: ssh-keygen -y -f {path} > {path}.pub");
    }

    /// <summary>Opens the key.</summary>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>.</exception>
    public async ValueTask<PrivateKey> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var file = Read(path);
        var keyFile = KeyFile.Parse(path, file.Content);
        if (!keyFile.IsEncrypted)
            return keyFile.Open([]);

        var question = $"Enter passphrase for key '{PrintableText.OneLine(path)}': ";
        if (secrets.Recall(question) is { } known)
            return OpenWith(keyFile, question, known);

        for (var attempt = 1; ; attempt++)
        {
            var passphrase = terminal is null ? null : await terminal.AskAsync(question, echo: false, cancellationToken);
            if (passphrase is null or [])
                throw Unusable($"no passphrase was given for {path}");
            try
            {
                return OpenWith(keyFile, question, passphrase);
            }
            catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable && attempt < MaxTries)
            {
                terminal!.Say("Wrong passphrase, please try again.");
            }
        }
    }

    private PrivateKey OpenWith(KeyFile keyFile, string question, byte[] passphrase)
    {
        try
        {
            var key = keyFile.Open(passphrase);
            secrets.Remember(question, passphrase, proven: true);
            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    private static SecretFile Read(string path)
    {
        try
        {
            return SecretFile.Read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"cannot read the private key {path}: {exception.Message}", exception);
        }
    }

    private static SshException Unusable(string message, Exception? cause = null) => new(SshFailure.CredentialUnusable, message, cause);
}
