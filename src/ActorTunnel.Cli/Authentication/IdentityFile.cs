using System.Text;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Authentication;

/// <summary>
/// What is known of an identity file before its private half is needed. It may be that an agent has that, and not the file.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="PublicKey">The public half; null when it cannot be known without the passphrase.</param>
/// <param name="NeedsPassphrase">Whether a person has to be asked before it can sign.</param>
/// <param name="Problem">Why the private half cannot be used, in words for the user; null when it can.</param>
internal sealed record IdentityFile(string Path, PublicKey? PublicKey, bool NeedsPassphrase, string? Problem)
{
    private const string PublicSuffix = ".pub";

    /// <summary>Whether there is anything of this name: a private key, or the public half of one that an agent has.</summary>
    public static bool Exists(string path) => System.IO.Path.Exists(path) || File.Exists(path + PublicSuffix);

    /// <summary>Looks at the file and at the <c>.pub</c> beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="canAsk">Whether a passphrase could be asked for.</param>
    public static IdentityFile Read(string path, bool canAsk)
    {
        try
        {
            using var file = SecretFile.Read(path);
            if (!IsPrivate(file) && TryParsePublic(file) is { } publicKey)
                return new(path, publicKey, NeedsPassphrase: false, $"{path} is a public key, and no SSH agent has its private half");
            if (file.IsOurs && file.IsOpenToOthers)
            {
                return Unusable(
                    path, $"private key {path} is open to others (mode {file.OctalMode}) and is ignored; run: chmod 600 {path}");
            }

            using var keyFile = KeyFile.Parse(path, file.Content);
            var problem = keyFile.IsEncrypted && !canAsk
                ? $"private key {path} needs a passphrase and there is no terminal to ask for it; going on without it"
                : null;
            return new(path, keyFile.PublicKey ?? ReadPublic(path), keyFile.IsEncrypted, problem);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable)
        {
            return Unusable(path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unusable(path, $"cannot read the private key {path}: {exception.Message}");
        }
    }

    /// <summary>Reads a certificate of a user.</summary>
    /// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>.</exception>
    public static Certificate ReadCertificate(string path)
    {
        try
        {
            using var file = SecretFile.Read(path);
            return Parse(file) as Certificate is { Kind: CertificateKind.User } certificate
                ? certificate
                : throw new SshException(SshFailure.CredentialUnusable, "It is not the certificate of a user.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SshException)
        {
            throw new SshException(SshFailure.CredentialUnusable, $"cannot use the certificate {path}: {exception.Message}", exception);
        }
    }

    private static IdentityFile Unusable(string path, string problem) => new(path, ReadPublic(path), NeedsPassphrase: false, problem);

    // What is wrong with the .pub is not worth a word of its own: the private half is what somebody asked for.
    private static PublicKey? ReadPublic(string path)
    {
        try
        {
            using var file = SecretFile.Read(path + PublicSuffix);
            return TryParsePublic(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // What may be a secret must not become a string, which nobody can zero.
    private static bool IsPrivate(SecretFile file) => file.Content.Span.IndexOf("-----BEGIN "u8) >= 0;

    private static PublicKey? TryParsePublic(SecretFile file)
    {
        try
        {
            return Parse(file);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.CredentialUnusable)
        {
            return null;
        }
    }

    private static PublicKey Parse(SecretFile file) => PublicKey.ParseLine(Encoding.UTF8.GetString(file.Content.Span));
}
