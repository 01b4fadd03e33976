namespace ActorTunnel.Ssh.Keys;

/// <summary>A public key in SSH's wire form (RFC 4253, section 6.6): of a host or of a user.</summary>
public abstract class PublicKey
{
    /// <summary>The key type as it stands in the blob: <c>ssh-ed25519</c>, <c>ecdsa-sha2-nistp256</c>, <c>ssh-rsa</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The key in wire form.</summary>
    public abstract ReadOnlyMemory<byte> Blob { get; }

    /// <summary>
    /// The signature algorithms this key can be used with, best first: an RSA key has <c>rsa-sha2-512</c> and <c>rsa-sha2-256</c>
    /// (RFC 8332); other keys have their own type.
    /// </summary>
    public abstract IReadOnlyList<string> SignatureAlgorithms { get; }

    /// <summary>
    /// Verifies a signature in wire form (string algorithm, string signature) over <paramref name="data"/>. False when the
    /// algorithm named inside is not <paramref name="algorithm"/>, is not one of this key's, or the signature is malformed or wrong.
    /// </summary>
    public abstract bool Verify(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
