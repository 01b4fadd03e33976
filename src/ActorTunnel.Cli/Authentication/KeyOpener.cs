using System.Security.Cryptography;
using ActorTunnel.Cli.Output;
using ActorTunnel.Cli.SshConfig;
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
    /// <summary>How often a person is asked for one passphrase.</summary>
    public int MaxTries { get; init; } = SshSettings.DefaultPasswordPrompts;

    /// <summary>The passphrase of all keys here, where there is no person; it is not kept. Null: a person is asked.</summary>
    public PasswordSource? Passphrase { get; init; }

    /// <summary>Whether a passphrase could be asked for.</summary>
    public bool CanAsk => Passphrase is not null || (terminal is not null && MaxTries > 0);

    /// <summary>Opens the key, makes sure that it is <paramref name="expected"/> and signs with it.</summary>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>.</exception>
    public async ValueTask<byte[]> SignAsync(
        string path, PublicKey expected, string algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        using var key = await OpenAsync(path, cancellationToken);
        return key.PublicKey.Blob.Span.SequenceEqual(expected.Blob.Span)
            ? key.Sign(algorithm, data.Span)
            : throw Unusable($"{path} does not belong to {path}.pub; make that anew with: ssh-keygen -y -f {path} > {path}.pub");
    }

    /// <summary>Opens the key.</summary>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>.</exception>
    public async ValueTask<PrivateKey> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var file = Read(path);
        using var keyFile = KeyFile.Parse(path, file.Content);
        if (!keyFile.IsEncrypted)
            return keyFile.Open([], cancellationToken);
        if (Passphrase is not null)
            return await OpenAsync(keyFile, question: null, await Passphrase(cancellationToken), cancellationToken);

        var question = $"Enter passphrase for key '{PrintableText.OneLine(path)}': ";
        if (secrets.Recall(question) is { } known)
        {
            try
            {
                return await OpenAsync(keyFile, question, known, cancellationToken);
            }
            catch (SshException exception) when (IsWrongPassphrase(exception))
            {
                secrets.Forget(question); // The file has been given another one meanwhile.
            }
        }

        for (var attempt = 1; ; attempt++)
        {
            var passphrase = terminal is null || attempt > MaxTries
                ? null
                : await terminal.AskAsync(question, echo: false, cancellationToken);
            if (passphrase is null or [])
                throw Unusable($"no passphrase was given for {path}");
            try
            {
                return await OpenAsync(keyFile, question, passphrase, cancellationToken);
            }
            catch (SshException exception) when (IsWrongPassphrase(exception) && attempt < MaxTries)
            {
                terminal!.Say("Wrong passphrase, please try again.");
            }
        }
    }

    // What is not supported is so with every passphrase.
    private static bool IsWrongPassphrase(SshException exception) =>
        exception is { Failure: SshFailure.CredentialUnusable, InnerException: not NotSupportedException };

    // On a thread of the pool: to work on a passphrase takes from a tenth of a second to minutes, as whoever made the file wanted.
    private async ValueTask<PrivateKey> OpenAsync(KeyFile keyFile, string? question, byte[] passphrase, CancellationToken cancellationToken)
    {
        try
        {
            var key = await Task.Run(() => keyFile.Open(passphrase, cancellationToken), cancellationToken);
            if (question is not null)
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
