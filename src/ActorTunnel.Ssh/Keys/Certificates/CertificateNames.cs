namespace ActorTunnel.Ssh.Keys.Certificates;

/// <summary>
/// PROTOCOL.certkeys, "New public key formats" and "RSA certificates" of RFC 8332's kind: the key types and the algorithms of
/// certificates are the plain ones with a suffix. What is inside a signature is always the plain name.
/// </summary>
internal static class CertificateNames
{
    public const string Suffix = "-cert-v01@openssh.com";

    /// <summary>Whether a key type or an algorithm is one of certificates.</summary>
    public static bool IsCertificate(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>The plain key type or algorithm; itself when it is plain.</summary>
    public static string Plain(string name) => IsCertificate(name) ? name[..^Suffix.Length] : name;
}
