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

/// <summary>
/// Public key authentication (RFC 4252, section 7). The key is offered first; it is opened only when the server accepts it, so that
/// a passphrase is asked for only when it is of use.
/// </summary>
/// <param name="publicKey">The key to offer.</param>
/// <param name="open">
/// Opens the private key; it is disposed after signing. Throws <see cref="SshException"/> with
/// <see cref="SshFailure.CredentialUnusable"/> when it cannot.
/// </param>
public sealed class PublicKeyCredential(PublicKey publicKey, Func<CancellationToken, ValueTask<PrivateKey>> open) : SshCredential
{
    /// <summary>The key to offer.</summary>
    public PublicKey PublicKey { get; } = publicKey;

    /// <summary>Opens the private key.</summary>
    public Func<CancellationToken, ValueTask<PrivateKey>> Open { get; } = open;

    /// <inheritdoc/>
    public override void AddIdentity(IncrementalHash hash)
    {
        AddKind(hash);
        hash.AppendData(PublicKey.Blob.Span);
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
