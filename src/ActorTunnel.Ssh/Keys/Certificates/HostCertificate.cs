using System.Globalization;
using System.IO.Enumeration;
using ActorTunnel.Ssh.Wire;

namespace ActorTunnel.Ssh.Keys.Certificates;

/// <summary>What makes a certificate good for a host, once its authority is trusted for that host.</summary>
internal static class HostCertificate
{
    /// <summary>Why the certificate does not hold: the end of a sentence that begins with the certificate. Null when it does.</summary>
    /// <param name="certificate">The certificate that the host has shown.</param>
    /// <param name="host">The host as the user names it, or its alias, without port.</param>
    /// <param name="now">The current time.</param>
    public static string? Problem(Certificate certificate, string host, DateTimeOffset now)
    {
        if (certificate.Kind != CertificateKind.Host)
            return "is a user's, not a host's";
        if (now < certificate.ValidAfter)
            return $"is not valid before {Show(certificate.ValidAfter)}; is the clock right here?";
        if (now >= certificate.ValidBefore)
            return $"was valid until {Show(certificate.ValidBefore)}";
        // An option that nobody here knows may restrict it in a way that would be ignored. There is none for hosts so far.
        if (certificate.CriticalOptions.Count > 0)
            return $"has critical options that are not known here: {PeerText.Line(string.Join(", ", certificate.CriticalOptions))}";
        if (certificate.Principals.Count == 0)
            return "names no host"; // It would be one for every host: as OpenSSH since 10.3, that is taken for a mistake.
        return certificate.Principals.Any(principal => Matches(principal, host))
            ? null
            : $"is for {PeerText.Line(string.Join(", ", certificate.Principals))}";
    }

    // As OpenSSH since 10.3: a host's principal may be a pattern.
    private static bool Matches(string principal, string host) => FileSystemName.MatchesSimpleExpression(principal, host, ignoreCase: true);

    private static string Show(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
