using System.Net.Sockets;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Configuration;

/// <summary>An SSH server, whom to log in as there, and how to keep the connection.</summary>
public sealed record TunnelProfile
{
    /// <summary>Name or address of the SSH server.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port, 1..65535.</summary>
    public int Port { get; init; } = 22;

    /// <summary>SSH user name.</summary>
    public required string User { get; init; }

    /// <summary>How to log in, in order; asked again for each new connection.</summary>
    public required IReadOnlyList<SshCredential> Credentials { get; init; }

    /// <summary>
    /// What the application has shown to be this user, though SSH may not be shown it: with a key, anybody who names a user would share the
    /// connections of that user. Null: the connections are this machine's.
    /// </summary>
    public Secret? Owner { get; init; }

    /// <summary>Whom to trust.</summary>
    public required IHostKeyPolicy HostKeys { get; init; }

    /// <summary><see cref="AddressFamily.InterNetwork"/> or <see cref="AddressFamily.InterNetworkV6"/> to use only that one.</summary>
    public AddressFamily AddressFamily { get; init; } = AddressFamily.Unspecified;

    /// <summary>What to propose to the server.</summary>
    public AlgorithmChoice Algorithms { get; init; } = new();

    /// <summary>
    /// The jump host: the server is reached through a channel of that profile's SSH connection, which may have a jump host itself
    /// (at most 8 in a row). Null: from this machine.
    /// </summary>
    public TunnelProfile? Via { get; init; }

    /// <summary>
    /// Which way the TCP connection to the server goes; the first rule that matches decides, none means directly. Not asked when there
    /// is a jump host: the rules of the outermost one hold.
    /// </summary>
    public IReadOnlyList<ProxyRule> Proxies { get; init; } = [];

    /// <summary>Time for TCP connect and key exchange together; null: 2 minutes. The login has 2 minutes more.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Silence after which the server is asked whether it lives; zero turns it off.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Unanswered questions after which the connection counts as lost; with zero, silence alone is enough.</summary>
    public int KeepAliveCountMax { get; init; } = 3;

    /// <summary>Bytes sent or received under one key before keys are renewed, from 16; 1 GiB by default.</summary>
    public long RekeyBytes { get; init; } = 1L << 30;

    /// <summary>Time under one key after which the next packet renews keys; null: only bytes count.</summary>
    public TimeSpan? RekeyInterval { get; init; }

    /// <summary>How connections are kept and shared.</summary>
    public PoolOptions Pool { get; init; } = new();

    /// <summary>
    /// Cancelled when nobody is to ask with this profile any more: its connections are then kept no longer than they are used, and not
    /// made anew. Profiles share connections only when this is the same.
    /// </summary>
    public CancellationToken Retired { get; init; }

    /// <summary>Receives the server's banner; null drops it.</summary>
    public Action<string>? Banner { get; init; }

    /// <summary>Told of each login that succeeded: what was answered for it was right. Must not block.</summary>
    public Action? LoggedIn { get; init; }
}
