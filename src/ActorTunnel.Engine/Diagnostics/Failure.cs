namespace ActorTunnel.Engine.Diagnostics;

/// <summary>
/// Why something ended: a start, an SSH connection, a session, a data channel. The first cause wins. One table
/// (<see cref="FailureTable"/>) gives each its exit code and its word in logs.
/// </summary>
public enum Failure
{
    /// <summary>It ended as it should.</summary>
    None,

    /// <summary>The configuration or a command line cannot be used.</summary>
    Configuration,

    /// <summary>A name does not resolve.</summary>
    HostNotFound,

    /// <summary>Nothing listens there.</summary>
    ConnectionRefused,

    /// <summary>No way to the host.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The host key is not known, differs from the known one, or is revoked.</summary>
    HostKey,

    /// <summary>The server accepted none of the credentials.</summary>
    Authentication,

    /// <summary>A key or password file cannot be used.</summary>
    Credential,

    /// <summary>The peers share no algorithm, or the peer broke the protocol.</summary>
    Protocol,

    /// <summary>The server forbids the forwarding.</summary>
    Prohibited,

    /// <summary>The SSH server cannot connect to the target.</summary>
    TargetUnreachable,

    /// <summary>The FTP server says no: to a login or a transfer.</summary>
    FtpServer,

    /// <summary>A local address is in use or may not be bound.</summary>
    Listen,

    /// <summary>The SSH connection was lost.</summary>
    ConnectionLost,

    /// <summary>The peer of a socket reset it, or left without a word.</summary>
    PeerReset,

    /// <summary>The peer ended the session in order.</summary>
    PeerClosed,

    /// <summary>A rule of ours forbids it.</summary>
    Policy,

    /// <summary>A bound was reached.</summary>
    Limit,

    /// <summary>This program is stopping.</summary>
    Shutdown,

    /// <summary>A defect of this program.</summary>
    Internal,
}
