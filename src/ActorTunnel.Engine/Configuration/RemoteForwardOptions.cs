namespace ActorTunnel.Engine.Configuration;

/// <summary>A listener on the SSH server whose connections are carried to a host as seen from here (<c>-R</c>).</summary>
public sealed record RemoteForwardOptions
{
    /// <summary>Names it in audit, and to close it; no other entry has it. Null: it gets one.</summary>
    public string? Name { get; init; }

    /// <summary>What is carried.</summary>
    public ForwardKind Kind { get; init; }

    /// <summary>
    /// What the SSH server is asked to bind: an address or name of its own, <c>localhost</c>, or the empty string for all addresses. sshd
    /// binds its loopback address only unless its GatewayPorts says otherwise.
    /// </summary>
    public string BindAddress { get; init; } = "localhost";

    /// <summary>Port on the SSH server, 0..65535; 0 takes a free one.</summary>
    public required int ListenPort { get; init; }

    /// <summary>Target host, resolved here.</summary>
    public required string Host { get; init; }

    /// <summary>Target port, 1..65535.</summary>
    public required int HostPort { get; init; }

    /// <summary>
    /// For <see cref="ForwardKind.Ftp"/>. The data ports are for active data connections of the FTP server, and PASV works only with an
    /// address to advertise or a listener that is on the SSH server's loopback interface.
    /// </summary>
    public FtpOptions Ftp { get; init; } = new();
}
