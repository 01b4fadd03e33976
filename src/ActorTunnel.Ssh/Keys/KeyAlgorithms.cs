using ActorTunnel.Ssh.Interop;
using ActorTunnel.Ssh.Keys.Certificates;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys;

/// <summary>The key types and signature algorithms this machine can do.</summary>
internal static class KeyAlgorithms
{
    /// <summary>
    /// Signature algorithms, best first: what <c>server_host_key_algorithms</c> and <c>server-sig-algs</c> (RFC 8308, section 3.1)
    /// offer. <c>ssh-rsa</c> is not among them: as a signature algorithm it means SHA-1.
    /// </summary>
    public static IReadOnlyList<string> SignatureAlgorithms { get; } =
    [
        .. (ReadOnlySpan<string>)(Ed25519.IsSupported ? [Ed25519PublicKey.KeyType] : []),
        .. NistCurve.All.Select(EcdsaPublicKey.KeyType),
        .. RsaPublicKey.Algorithms,
    ];

    /// <summary>The same algorithms for keys that are certified.</summary>
    public static IReadOnlyList<string> CertificateAlgorithms { get; } =
        [.. SignatureAlgorithms.Select(CertificateNames.Of)];

    /// <summary>The types of the keys that make those signatures.</summary>
    public static IReadOnlyList<string> KeyTypes { get; } = [.. SignatureAlgorithms.Select(KeyType).Distinct()];

    /// <summary>The types of the certificates for such keys.</summary>
    public static IReadOnlyList<string> CertificateTypes { get; } = [.. KeyTypes.Select(CertificateNames.Of)];

    /// <summary>The type of the keys that sign with <paramref name="signatureAlgorithm"/>: the same name except for RSA.</summary>
    public static string KeyType(string signatureAlgorithm) => CertificateNames.IsCertificate(signatureAlgorithm)
        ? CertificateNames.Of(KeyType(CertificateNames.Plain(signatureAlgorithm)))
        : RsaPublicKey.Algorithms.Contains(signatureAlgorithm) ? RsaPublicKey.KeyType : signatureAlgorithm;

    /// <summary>Reads what follows the type in a public key's wire form.</summary>
    public static PublicKey ReadPublicKey(string type, ref SshReader reader) => type switch
    {
        Ed25519PublicKey.KeyType when Ed25519.IsSupported => Ed25519PublicKey.Read(ref reader),
        RsaPublicKey.KeyType => RsaPublicKey.Read(ref reader),
        _ when CurveOf(type) is { } curve => EcdsaPublicKey.Read(curve, ref reader),
        _ => throw new SshException(SshFailure.ProtocolError, "A public key is of a type that is not supported here."),
    };

    public static PrivateKey Generate(string type) => type switch
    {
        Ed25519PublicKey.KeyType when Ed25519.IsSupported => new Ed25519PrivateKey(Ed25519.Generate()),
        RsaPublicKey.KeyType => RsaPrivateKey.Generate(),
        _ when CurveOf(type) is { } curve => EcdsaPrivateKey.Generate(curve),
        _ => throw new NotSupportedException($"This machine cannot make keys of type '{type}'."),
    };

    /// <summary>The curve of an ECDSA key type; null when it is none.</summary>
    public static NistCurve? CurveOf(string type) => NistCurve.All.FirstOrDefault(curve => EcdsaPublicKey.KeyType(curve) == type);
}
