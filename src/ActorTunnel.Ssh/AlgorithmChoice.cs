namespace ActorTunnel.Ssh;

/// <summary>
/// Which algorithms to propose, each list best first (RFC 4253, section 7.1), of the names in <see cref="SshAlgorithms"/>. Null
/// proposes all of them in their order. <see cref="AlgorithmList"/> reads such lists as people write them.
/// </summary>
public sealed record AlgorithmChoice
{
    /// <summary>Of <see cref="SshAlgorithms.KeyExchanges"/>.</summary>
    public IReadOnlyList<string>? KeyExchanges { get; init; }

    /// <summary>
    /// Of <see cref="SshAlgorithms.HostKeys"/>. Null lets a client put those first whose keys it knows for the host; a server
    /// proposes those only that it has keys for.
    /// </summary>
    public IReadOnlyList<string>? HostKeys { get; init; }

    /// <summary>
    /// Whether a client puts those of <see cref="HostKeys"/> first whose keys it knows for the host, as it does when there is no such list.
    /// </summary>
    public bool PreferKnownHostKeys { get; init; }

    /// <summary>Of <see cref="SshAlgorithms.Ciphers"/>, for both directions.</summary>
    public IReadOnlyList<string>? Ciphers { get; init; }

    /// <summary>Of <see cref="SshAlgorithms.Macs"/>, for both directions. Ciphers that authenticate by themselves use none.</summary>
    public IReadOnlyList<string>? Macs { get; init; }
}
