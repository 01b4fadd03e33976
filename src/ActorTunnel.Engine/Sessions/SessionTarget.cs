using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Sessions;

/// <summary>Where a session of a client here goes, how, and by whose word.</summary>
internal sealed record SessionTarget
{
    /// <summary>The entry that the client came by, for audit.</summary>
    public required string Entry { get; init; }

    public required ForwardKind Kind { get; init; }

    /// <summary>Name or address, resolved by the SSH server.</summary>
    public required string Host { get; init; }

    /// <summary>1..65535.</summary>
    public required int Port { get; init; }

    /// <summary>The SSH connection; null: from this machine, without SSH.</summary>
    public required TunnelProfile? Profile { get; init; }

    public FtpOptions Ftp { get; init; } = new();

    /// <summary>Without SSH when the SSH server cannot be reached by TCP.</summary>
    public bool FallbackToPlain { get; init; }

    /// <summary>The rule that decided; null: a fixed forward.</summary>
    public string? Rule { get; init; }

    /// <summary>The profile's name in the configuration; null: it has none.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Whom the client is to the SOCKS proxy; null: nobody.</summary>
    public string? SocksUser { get; init; }

    /// <summary>
    /// Whether it goes on without SSH now: only when no SSH server has said anything, so never after a failure that could be an attack on
    /// SSH itself; and only once, because without SSH there is nothing left to fall back from.
    /// </summary>
    public bool FallsBackAfter(TunnelFailed failed) => FallbackToPlain && Profile is not null && failed.IsWithoutConnection;

    public override string ToString() => $"{Host}:{Port}";

    public static SessionTarget Of(string entry, ForwardOptions forward, TunnelProfile profile) => new()
    {
        Entry = entry,
        Kind = forward.Kind,
        Host = forward.Host,
        Port = forward.HostPort,
        Profile = profile,
        Ftp = forward.Ftp,
    };
}
