using System.Security.Cryptography;
using System.Text;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Authentication;

/// <summary>One way to prove who the user is (RFC 4252). Credentials are tried in the order given, as the server allows.</summary>
public abstract class SshCredential
{
    private protected SshCredential()
    {
    }

    /// <summary>
    /// Adds what makes this credential the same as another: who has an equal one may use a connection that was made with it. By default
    /// the object itself. Secrets go only into keyed hashes with a key that nobody learns.
    /// </summary>
    public virtual void AddIdentity(IncrementalHash hash) => ObjectIdentity.Add(hash, this);

    private protected void AddKind(IncrementalHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        hash.AppendData(Encoding.UTF8.GetBytes(GetType().Name));
    }
}

/// <summary>Makes a signature with a private key, wherever that is: in a file, in memory, in an agent.</summary>
/// <param name="algorithm">A plain signature algorithm of the key, of a certificate too: never one of certificates.</param>
/// <param name="data">What to sign.</param>
/// <param name="cancellationToken">Gives up.</param>
/// <returns>The signature in wire form (string algorithm, string signature).</returns>
/// <exception cref="SshException"><see cref="SshFailure.CredentialUnusable"/>: it cannot; another credential may do.</exception>
public delegate ValueTask<byte[]> Signer(string algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

/// <summary>
/// Public key authentication (RFC 4252, section 7). The key is offered first; its private half is asked for only when the server
/// accepts it, so that a passphrase is asked for only when it is of use.
/// </summary>
/// <param name="publicKey">The key or the certificate to offer.</param>
/// <param name="sign">Signs with its private half.</param>
public sealed class PublicKeyCredential(PublicKey publicKey, Signer sign) : SshCredential
{
    /// <summary>The key or the certificate to offer.</summary>
    public PublicKey PublicKey { get; } = publicKey;

    /// <summary>Signs with its private half.</summary>
    public Signer Sign { get; } = sign;

    /// <inheritdoc/>
    public override void AddIdentity(IncrementalHash hash)
    {
        AddKind(hash);
        hash.AppendData(PublicKey.Blob.Span);
        ObjectIdentity.Add(hash, Sign); // Everybody may have the public half: only who can sign has shown who it is.
    }
}

/// <summary>Password authentication (RFC 4252, section 8).</summary>
/// <param name="ask">
/// Gives the password as UTF-8 for the n-th attempt (from 0), or null to stop. The array is zeroed after use.
/// </param>
public sealed class PasswordCredential(Func<int, CancellationToken, ValueTask<byte[]?>> ask) : SshCredential
{
    private readonly ReadOnlyMemory<byte>? _known;

    /// <summary>A password that is known; the array is the caller's, who zeroes it when no more connections are made with it.</summary>
    public PasswordCredential(ReadOnlyMemory<byte> password)
        : this((attempt, _) => new(attempt == 0 ? password.ToArray() : null)) => _known = password;

    /// <summary>Gives the password.</summary>
    public Func<int, CancellationToken, ValueTask<byte[]?>> Ask { get; } = ask;

    /// <inheritdoc/>
    public override void AddIdentity(IncrementalHash hash)
    {
        AddKind(hash);
        hash.AppendData([_known is null ? (byte)0 : (byte)1]); // No password may look like a number.
        if (_known is { } password)
            hash.AppendData(password.Span);
        else
            ObjectIdentity.Add(hash, Ask);
    }
}

/// <summary>Keyboard-interactive authentication (RFC 4256).</summary>
/// <param name="answer">
/// Answers one request for the n-th attempt (from 0): an array per prompt as UTF-8, zeroed after use, or null to stop.
/// </param>
public sealed class KeyboardInteractiveCredential(
    Func<InteractiveRequest, int, CancellationToken, ValueTask<byte[][]?>> answer) : SshCredential
{
    /// <summary>Answers a request.</summary>
    public Func<InteractiveRequest, int, CancellationToken, ValueTask<byte[][]?>> Answer { get; } = answer;

    /// <inheritdoc/>
    public override void AddIdentity(IncrementalHash hash)
    {
        AddKind(hash);
        ObjectIdentity.Add(hash, Answer);
    }
}

/// <summary>What the server asks in keyboard-interactive authentication (RFC 4256, section 3.2). May have no prompts.</summary>
public sealed record InteractiveRequest(string Name, string Instruction, IReadOnlyList<InteractivePrompt> Prompts);

/// <summary>One question, and whether the answer may be seen while it is typed.</summary>
public sealed record InteractivePrompt(string Text, bool Echo);
