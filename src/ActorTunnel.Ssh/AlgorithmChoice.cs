namespace ActorTunnel.Ssh;

/// <summary>
/// Which algorithms to propose, each list best first (RFC 4253, section 7.1), of the names in <see cref="SshAlgorithms"/>. Null
/// proposes all of them in their order.
/// </summary>
public sealed record AlgorithmChoice
{
    /// <summary>Of <see cref="SshAlgorithms.Ciphers"/>.</summary>
    public IReadOnlyList<string>? Ciphers { get; init; }
}
