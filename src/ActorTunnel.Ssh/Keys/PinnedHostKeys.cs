using System.Buffers.Text;
using System.Security.Cryptography;

namespace ActorTunnel.Ssh.Keys;

/// <summary>
/// Trusts the host keys it is given and no others: no file is read or written, and nobody is asked. A certificate counts as the key it
/// certifies. Nothing here is secret, so fingerprints are compared as any text is.
/// </summary>
public sealed class PinnedHostKeys : IHostKeyPolicy
{
    private const string Prefix = "SHA256:";

    private readonly string[] _fingerprints;

    /// <summary>Trusts keys. Their types are asked for first.</summary>
    public PinnedHostKeys(params IReadOnlyList<PublicKey> keys)
    {
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count);
        _fingerprints = [.. keys.Select(key => key.Fingerprint)];
        KnownKeyTypes = [.. keys.Select(key => key.Type).Distinct()];
    }

    /// <summary>Trusts the keys that have these fingerprints (<c>SHA256:...</c>, as <c>ssh-keygen -l</c> prints them).</summary>
    /// <exception cref="ArgumentException">One of them is not a fingerprint; the message says what is expected.</exception>
    public PinnedHostKeys(params IReadOnlyList<string> fingerprints)
    {
        ArgumentOutOfRangeException.ThrowIfZero(fingerprints.Count);
        if (fingerprints.FirstOrDefault(text => !IsFingerprint(text)) is { } wrong)
        {
            throw new ArgumentException(
                $"'{wrong}' is not the fingerprint of a host key: use SHA256:... as 'ssh-keygen -l -f FILE' prints it");
        }

        _fingerprints = [.. fingerprints.Select(text => text.TrimEnd('='))];
        KnownKeyTypes = [];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> KnownKeyTypes { get; }

    /// <inheritdoc/>
    public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _fingerprints.Contains(key.Fingerprint) ? ValueTask.CompletedTask : throw new SshException(
            SshFailure.HostKeyChanged,
            $"The host key is {key.Type} {key.Fingerprint}, which is not what was pinned ({string.Join(", ", _fingerprints)}). Either "
            + "somebody is intercepting the connection, or the server has several keys: then pin this one too, once it has been compared");
    }

    private static bool IsFingerprint(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal)
        && Base64.IsValid(Pad(text.AsSpan(Prefix.Length).TrimEnd('=')), out var size) && size == SHA256.HashSizeInBytes;

    private static string Pad(ReadOnlySpan<char> text) => text.ToString().PadRight((text.Length + 3) / 4 * 4, '=');
}
