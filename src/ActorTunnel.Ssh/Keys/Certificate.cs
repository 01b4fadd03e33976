using ActorTunnel.Ssh.Keys.Certificates;

namespace ActorTunnel.Ssh.Keys;

/// <summary>Whom a certificate names.</summary>
public enum CertificateKind
{
    /// <summary>SSH_CERT_TYPE_USER: a person or a service that logs in.</summary>
    User = 1,

    /// <summary>SSH_CERT_TYPE_HOST: a server.</summary>
    Host = 2,
}

/// <summary>
/// An OpenSSH certificate (PROTOCOL.certkeys in OpenSSH's sources): a key, whom it belongs to, and the signature of an authority. It
/// stands where a key does: a host shows it, a user logs in with it, an agent lists it. That it was signed by
/// <see cref="SignatureKey"/> is checked when it is read, except for a user's that is signed by a key in a FIDO device: it can be shown
/// to a server, which checks it. Whether the authority is trusted, and for whom and when the certificate holds, is for its user to check.
/// </summary>
public sealed class Certificate : PublicKey
{
    internal Certificate(ReadOnlyMemory<byte> blob, PublicKey key)
    {
        Blob = blob;
        Key = key;
        Type = CertificateNames.Of(key.Type);
        SignatureAlgorithms = [.. key.SignatureAlgorithms.Select(CertificateNames.Of)];
    }

    /// <summary>The type of the certified key with <c>-cert-v01@openssh.com</c> after it.</summary>
    public override string Type { get; }

    /// <summary>The whole certificate in wire form.</summary>
    public override ReadOnlyMemory<byte> Blob { get; }

    /// <summary>Those of the certified key with <c>-cert-v01@openssh.com</c> after them; the signatures are its plain ones.</summary>
    public override IReadOnlyList<string> SignatureAlgorithms { get; }

    /// <summary>The fingerprint of the certified key, as OpenSSH shows it.</summary>
    public override string Fingerprint => Key.Fingerprint;

    /// <summary>The key that is certified; its private half signs.</summary>
    public PublicKey Key { get; }

    /// <summary>The authority's number for this certificate.</summary>
    public required ulong Serial { get; init; }

    /// <summary>Whether it names users or hosts.</summary>
    public required CertificateKind Kind { get; init; }

    /// <summary>The authority's text about this certificate, for people; it may have any characters.</summary>
    public required string KeyId { get; init; }

    /// <summary>The user or host names it is valid for.</summary>
    public required IReadOnlyList<string> Principals { get; init; }

    /// <summary>The first second it is valid in.</summary>
    public required DateTimeOffset ValidAfter { get; init; }

    /// <summary>
    /// The first second it is not valid in any more. "For ever", and all times after the year 9999, are the last .NET knows.
    /// </summary>
    public required DateTimeOffset ValidBefore { get; init; }

    /// <summary>The names of options that whoever does not know them must not ignore.</summary>
    public required IReadOnlyList<string> CriticalOptions { get; init; }

    /// <summary>The authority that signed it: a plain key.</summary>
    public required PublicKey SignatureKey { get; init; }

    internal override bool VerifyRaw(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        Key.VerifyRaw(algorithm, data, signature);
}
