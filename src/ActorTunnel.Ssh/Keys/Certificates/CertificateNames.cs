namespace ActorTunnel.Ssh.Keys.Certificates;

/// <summary>
/// PROTOCOL.certkeys, "New public key formats" and "RSA certificates" of RFC 8332's kind: the key types and the algorithms of
/// certificates are the plain ones with a suffix, which takes the place of the one that OpenSSH's own names have. What is inside a
/// signature is always the plain name.
/// </summary>
internal static class CertificateNames
{
    private const string Suffix = "-cert-v01@openssh.com";
    private const string OwnSuffix = "@openssh.com"; // of the types of FIDO devices (PROTOCOL.u2f)
    private const string OwnPrefix = "sk-";

    /// <summary>Whether a key type or an algorithm is one of certificates.</summary>
    public static bool IsCertificate(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>The key type or algorithm of certificates for a plain one.</summary>
    public static string Of(string plain) =>
        (plain.EndsWith(OwnSuffix, StringComparison.Ordinal) ? plain[..^OwnSuffix.Length] : plain) + Suffix;

    /// <summary>The plain key type or algorithm; itself when it is plain.</summary>
    public static string Plain(string name)
    {
        if (!IsCertificate(name))
            return name;
        var plain = name[..^Suffix.Length];
        return plain.StartsWith(OwnPrefix, StringComparison.Ordinal) ? plain + OwnSuffix : plain;
    }
}
