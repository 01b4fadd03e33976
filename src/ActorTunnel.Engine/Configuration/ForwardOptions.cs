using System.Net;

namespace ActorTunnel.Engine.Configuration;

/// <summary>A local listener whose connections are carried to a host as seen from the SSH server (<c>-L</c>).</summary>
public sealed record ForwardOptions
{
    /// <summary>Names it in audit, and to close it; no other entry has it. Null: it gets one.</summary>
    public string? Name { get; init; }

    /// <summary>What is carried.</summary>
    public ForwardKind Kind { get; init; }

    /// <summary>
    /// Addresses to listen on. The first must succeed; another may be missing on this machine (<c>::1</c> without IPv6).
    /// </summary>
    public IReadOnlyList<IPAddress> ListenAddresses { get; init; } = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>Local port, 0..65535; 0 takes a free one, the same for all addresses.</summary>
    public required int ListenPort { get; init; }

    /// <summary>Target host, resolved by the SSH server.</summary>
    public required string Host { get; init; }

    /// <summary>Target port, 1..65535.</summary>
    public required int HostPort { get; init; }

    /// <summary>For <see cref="ForwardKind.Ftp"/>.</summary>
    public FtpOptions Ftp { get; init; } = new();
}

/// <summary>What a forward carries.</summary>
public enum ForwardKind
{
    /// <summary>Bytes.</summary>
    Tcp,

    /// <summary>An FTP control channel, and the data channels it asks for.</summary>
    Ftp,
}
