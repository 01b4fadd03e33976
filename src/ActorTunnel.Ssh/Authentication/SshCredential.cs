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

    /// <summary>The secret that it knows; null: it knows none, and asks for it in each login or needs none.</summary>
    public virtual Secret? Secret => null;

    /// <summary>
    /// The same credential for somebody who keeps it longer: what it knows is copied, and added to <paramref name="copies"/> for the caller
    /// to dispose. One that knows nothing is its own copy.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The secret has been zeroed.</exception>
    public virtual SshCredential Copy(ICollection<Secret> copies) => this;

    /// <summary>
    /// Adds what makes this credential the same as another: who has an equal one may use a connection that was made with it. By default
    /// the object itself. Secrets go only into keyed hashes with a key that nobody learns.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The secret has been zeroed.</exception>
    public virtual void AddIdentity(IncrementalHash hash) => ObjectIdentity.Add(hash, this);

    private protected void AddKind(IncrementalHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        hash.AppendData(Encoding.UTF8.GetBytes(GetType().Name));
    }

    /// <summary>Answers are the same when the secret is, or when the same one is asked.</summary>
    private protected void AddAnswers(IncrementalHash hash, object? asked)
    {
        AddKind(hash);
        hash.AppendData([Secret is null ? (byte)0 : (byte)1]); // No secret may look like a number.
        if (Secret is { } secret)
            secret.AddTo(hash);
        else
            ObjectIdentity.Add(hash, asked!);
    }

    private protected static Secret CopyOf(Secret secret, ICollection<Secret> copies)
    {
        ArgumentNullException.ThrowIfNull(copies);
        var copy = secret.Clone();
        copies.Add(copy);
        return copy;
    }

    /// <summary>For one login; the user of it zeroes it.</summary>
    internal static byte[] Use(Secret secret)
    {
        try
        {
            return secret.Copy();
        }
        catch (ObjectDisposedException gone)
        {
            throw new SshException(SshFailure.CredentialUnusable, "The secret is not kept any more.", gone);
        }
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
public sealed class PasswordCredential : SshCredential
{
    /// <summary>A password that is known. Offered once in each login: the same wrong one again would only lock the account.</summary>
    public PasswordCredential(Secret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Secret = secret;
        Ask = (attempt, _) => new(attempt == 0 ? Use(secret) : null);
    }

    /// <summary>A password that is asked for.</summary>
    /// <param name="ask">
    /// Gives the password as UTF-8 for the n-th attempt (from 0), or null to stop. The array is zeroed after use.
    /// </param>
    public PasswordCredential(Func<int, CancellationToken, ValueTask<byte[]?>> ask) => Ask = ask;

    /// <inheritdoc/>
    public override Secret? Secret { get; }

    /// <summary>Gives the password.</summary>
    public Func<int, CancellationToken, ValueTask<byte[]?>> Ask { get; }

    /// <inheritdoc/>
    public override SshCredential Copy(ICollection<Secret> copies) =>
        Secret is null ? this : new PasswordCredential(CopyOf(Secret, copies));

    /// <inheritdoc/>
    public override void AddIdentity(IncrementalHash hash) => AddAnswers(hash, Ask);
}

/// <summary>Keyboard-interactive authentication (RFC 4256).</summary>
public sealed class KeyboardInteractiveCredential : SshCredential
{
    /// <summary>
    /// A password that is known. It answers a single question whose answer is not shown, once in each login: anything else would be a
    /// guess. A secret that the server has refused in one way is not told it in the other.
    /// </summary>
    public KeyboardInteractiveCredential(Secret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Secret = secret;
    }

    /// <summary>Answers that are asked for.</summary>
    /// <param name="answer">
    /// Answers one request for the n-th attempt (from 0): an array per prompt as UTF-8, zeroed after use, or null to stop.
    /// </param>
    public KeyboardInteractiveCredential(Func<InteractiveRequest, int, CancellationToken, ValueTask<byte[][]?>> answer) => Answer = answer;

    /// <inheritdoc/>
    public override Secret? Secret { get; }

    /// <summary>Answers a request; null when <see cref="Secret"/> does.</summary>
    public Func<InteractiveRequest, int, CancellationToken, ValueTask<byte[][]?>>? Answer { get; }

    /// <inheritdoc/>
    public override SshCredential Copy(ICollection<Secret> copies) =>
        Secret is null ? this : new KeyboardInteractiveCredential(CopyOf(Secret, copies));

    /// <inheritdoc/>
    public override void AddIdentity(IncrementalHash hash) => AddAnswers(hash, Answer);
}

/// <summary>What the server asks in keyboard-interactive authentication (RFC 4256, section 3.2). May have no prompts.</summary>
public sealed record InteractiveRequest(string Name, string Instruction, IReadOnlyList<InteractivePrompt> Prompts);

/// <summary>One question, and whether the answer may be seen while it is typed.</summary>
public sealed record InteractivePrompt(string Text, bool Echo);
