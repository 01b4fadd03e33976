namespace ActorTunnel.Ssh.Keys.KnownHosts;

/// <summary>What the known_hosts files say about one host at one moment, and what follows from that, by OpenSSH's rules.</summary>
/// <param name="name">The name in the files.</param>
/// <param name="entries">The lines about that name.</param>
/// <param name="entriesWithoutPort">
/// The lines about the name without its port: a key that stands there is good for every port, but another one there has not changed.
/// </param>
internal sealed class KnownHost(
    string name, IReadOnlyList<KnownHostsEntry> entries, IReadOnlyList<KnownHostsEntry> entriesWithoutPort)
{
    // What is revoked, and who signs certificates, is so for every port, too.
    private readonly KnownHostsEntry[] _all = [.. entries, .. entriesWithoutPort];

    /// <summary>
    /// As <see cref="IHostKeyPolicy.KnownKeyTypes"/>. When an authority is known, that host may have any type of certificate.
    /// </summary>
    public IReadOnlyList<string> KeyTypes =>
        [.. new[] { entries, entriesWithoutPort }.Select(TypesOf).FirstOrDefault(types => types.Count > 0) ?? []];

    /// <summary>
    /// Whether the key is known. A host that is known with keys of other types only counts as changed, not as new: a man in the middle
    /// could otherwise choose a type that was never seen.
    /// </summary>
    /// <exception cref="SshException"><see cref="SshFailure.HostKeyChanged"/>: another key is known, or this one is revoked.</exception>
    public bool IsKnown(PublicKey key)
    {
        RefuseRevoked(key);
        if (Has(entries, KnownHostsMarker.None, key))
            return true;
        if (entries.FirstOrDefault(entry => IsUsable(entry, KnownHostsMarker.None)) is { } other)
            throw Changed(key, other);
        return Has(entriesWithoutPort, KnownHostsMarker.None, key);
    }

    /// <summary>Whether a known authority has signed the certificate. Whether it holds is another question.</summary>
    /// <exception cref="SshException"><see cref="SshFailure.HostKeyChanged"/>: the authority or the key is revoked.</exception>
    public bool IsSignedByAuthority(Certificate certificate)
    {
        RefuseRevoked(certificate.Key);
        RefuseRevoked(certificate.SignatureKey, "authority that signed the host certificate");
        return Has(_all, KnownHostsMarker.CertificateAuthority, certificate.SignatureKey);
    }

    private static List<string> TypesOf(IReadOnlyList<KnownHostsEntry> lines)
    {
        var authorities = lines.Any(line => IsUsable(line, KnownHostsMarker.CertificateAuthority)) ? KeyAlgorithms.CertificateTypes : [];
        return [.. authorities, .. lines.Where(line => IsUsable(line, KnownHostsMarker.None)).Select(line => line.Line.KeyType).Distinct()];
    }

    private static bool IsUsable(KnownHostsEntry entry, KnownHostsMarker marker) =>
        entry.Line.Marker == marker && KeyAlgorithms.KeyTypes.Contains(entry.Line.KeyType);

    private static bool Has(IReadOnlyList<KnownHostsEntry> lines, KnownHostsMarker marker, PublicKey key) =>
        lines.Any(line => line.Line.Marker == marker && key.Blob.Span.SequenceEqual(line.Line.Blob));

    private void RefuseRevoked(PublicKey key, string what = "host key")
    {
        if (Has(_all, KnownHostsMarker.Revoked, key))
            throw new SshException(
                SshFailure.HostKeyChanged,
                $"The {what} of {name} is marked as revoked in known_hosts and is refused: {key.Type} {key.Fingerprint}.");
    }

    private SshException Changed(PublicKey key, KnownHostsEntry other) => new(
        SshFailure.HostKeyChanged,
        $"The host key of {name} has changed: it sent {key.Type} {key.Fingerprint}, but {other.Path}:{other.LineNumber} has another "
        + $"one ({other.Line.KeyType}). Somebody may be intercepting the connection: it is refused with every value of "
        + "StrictHostKeyChecking. "
        + $"If the server has really been given a new key, remove the old one with: ssh-keygen -f '{other.Path}' -R '{name}'");
}
