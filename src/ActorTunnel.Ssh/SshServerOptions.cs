using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh;

/// <summary>
/// What the server role offers and whom it lets in. It forwards connections and nothing else: no shell, no commands, no files.
/// Callbacks that are null refuse.
/// </summary>
public sealed record SshServerOptions
{
    /// <summary>The keys that prove who this server is, at most one of each type.</summary>
    public required IReadOnlyList<PrivateKey> HostKeys { get; init; }

    /// <summary>Decides on a password, given as UTF-8; it is zeroed afterwards.</summary>
    public Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask<bool>>? CheckPassword { get; init; }

    /// <summary>
    /// Decides whether a user may log in with a key. Asked when the key is offered, and again after its signature was verified.
    /// </summary>
    public Func<string, PublicKey, CancellationToken, ValueTask<bool>>? CheckPublicKey { get; init; }

    /// <summary>Asks one question in keyboard-interactive authentication and decides on the answer.</summary>
    public InteractiveCheck? CheckInteractive { get; init; }

    /// <summary>Shown to clients before they log in.</summary>
    public string? Banner { get; init; }

    /// <summary>What to offer.</summary>
    public AlgorithmChoice Algorithms { get; init; } = new();

    /// <inheritdoc cref="SshClientOptions.RekeyBytes"/>
    public long RekeyBytes { get; init; } = 1L << 30;

    /// <inheritdoc cref="SshClientOptions.RekeyInterval"/>
    public TimeSpan? RekeyInterval { get; init; }

    /// <summary>
    /// Receives each <c>direct-tcpip</c> channel that the client wants (RFC 4254, section 7.2), on the receive loop: must not block.
    /// </summary>
    public Action<IOfferedChannel>? DirectTcpip { get; init; }

    /// <summary>
    /// Serves <c>tcpip-forward</c> (RFC 4254, section 7.1): binds the address and port (0: any) and gives the port that was bound,
    /// or null to refuse, as a <see cref="System.Net.Sockets.SocketException"/> does; any other exception refuses too and is logged.
    /// The listener lives until it is cancelled or <see cref="SshServerConnection.Closed"/> completes. Connections to it are passed on with
    /// <see cref="SshServerConnection.OpenForwardedAsync"/>.
    /// </summary>
    public Func<SshServerConnection, string, int, ValueTask<int?>>? Listen { get; init; }

    /// <summary>Serves <c>cancel-tcpip-forward</c>: false when there is no such listener.</summary>
    public Func<SshServerConnection, string, int, ValueTask<bool>>? CancelListen { get; init; }
}

/// <summary>One question of keyboard-interactive authentication (RFC 4256), and who judges the answer (UTF-8, zeroed afterwards).</summary>
public sealed record InteractiveCheck(
    InteractivePrompt Prompt, Func<string, ReadOnlyMemory<byte>, CancellationToken, ValueTask<bool>> Check);
