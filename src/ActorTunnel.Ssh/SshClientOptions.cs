using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh;

/// <summary>What the client role needs to know to make a connection.</summary>
public sealed record SshClientOptions
{
    /// <summary>The user to log in as.</summary>
    public required string User { get; init; }

    /// <summary>How to log in, in order of preference.</summary>
    public required IReadOnlyList<SshCredential> Credentials { get; init; }

    /// <summary>Whom to trust.</summary>
    public required IHostKeyPolicy HostKeys { get; init; }

    /// <summary>What to propose.</summary>
    public AlgorithmChoice Algorithms { get; init; } = new();

    /// <summary>Bytes sent or received under one key before a new key exchange is started; 1 GiB by default, at least 16.</summary>
    public long RekeyBytes { get; init; } = 1L << 30;

    /// <summary>Time under one key after which the next packet starts a key exchange; null, the default: only bytes count.</summary>
    public TimeSpan? RekeyInterval { get; init; }

    /// <summary>Receives the server's banner (RFC 4252, section 5.4), control characters removed. Null drops it.</summary>
    public Action<string>? Banner { get; init; }
}
