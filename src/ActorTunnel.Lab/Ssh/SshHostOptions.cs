using System.Net;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Lab.Ssh;

/// <summary>Where an <see cref="SshHost"/> listens and whom it lets in.</summary>
public sealed record SshHostOptions
{
    /// <summary>Port 0 takes a free one.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The host key; it stays the caller's.</summary>
    public required PrivateKey HostKey { get; init; }

    /// <summary>User names and their passwords.</summary>
    public IReadOnlyDictionary<string, string> Passwords { get; init; } = new Dictionary<string, string>();

    /// <summary>User names and the key each may log in with.</summary>
    public IReadOnlyDictionary<string, PublicKey> Keys { get; init; } = new Dictionary<string, PublicKey>();

    /// <summary>As in <see cref="SshServerOptions.RekeyBytes"/>.</summary>
    public long RekeyBytes { get; init; } = 1L << 30;
}
