namespace ActorTunnel.Ssh;

/// <summary>An SSH connection could not be made, has ended, or refused a request. The message is one line for a person.</summary>
public class SshException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SshException(SshFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>What went wrong.</summary>
    public SshFailure Failure { get; }
}

/// <summary>The peer refused to open a channel; the connection lives on.</summary>
public sealed class ChannelOpenException : SshException
{
    /// <summary>Creates the exception.</summary>
    public ChannelOpenException(ChannelOpenFailure reason, string message, string description = "")
        : base(SshFailure.ChannelRefused, message)
    {
        Reason = reason;
        Description = description;
    }

    /// <summary>The reason code of SSH_MSG_CHANNEL_OPEN_FAILURE (RFC 4254, section 5.1).</summary>
    public ChannelOpenFailure Reason { get; }

    /// <summary>What the peer said, fit for one line; empty when it said nothing.</summary>
    public string Description { get; }
}

/// <summary>Reason codes of SSH_MSG_CHANNEL_OPEN_FAILURE (RFC 4254, section 5.1).</summary>
public enum ChannelOpenFailure
{
    /// <summary>SSH_OPEN_ADMINISTRATIVELY_PROHIBITED: forwarding is not allowed.</summary>
    AdministrativelyProhibited = 1,

    /// <summary>SSH_OPEN_CONNECT_FAILED: the server could not connect to the target.</summary>
    ConnectFailed = 2,

    /// <summary>SSH_OPEN_UNKNOWN_CHANNEL_TYPE.</summary>
    UnknownChannelType = 3,

    /// <summary>SSH_OPEN_RESOURCE_SHORTAGE.</summary>
    ResourceShortage = 4,
}

/// <summary>Everything that can end an SSH connection or a request on it.</summary>
public enum SshFailure
{
    /// <summary>This side closed the connection in order.</summary>
    ClosedLocally,

    /// <summary>The peer closed the connection, with or without SSH_MSG_DISCONNECT.</summary>
    ClosedByPeer,

    /// <summary>The connection broke: reset, unreachable, end of stream in the middle of a packet.</summary>
    ConnectionLost,

    /// <summary>The peer broke the protocol.</summary>
    ProtocolError,

    /// <summary>The peers have no algorithm in common.</summary>
    NoCommonAlgorithm,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The host key is not known and was not accepted.</summary>
    HostKeyUnknown,

    /// <summary>The host key differs from the one that is known, or is revoked.</summary>
    HostKeyChanged,

    /// <summary>No authentication method succeeded.</summary>
    AuthenticationFailed,

    /// <summary>A key file or a password could not be used: unreadable, wrong passphrase, unsupported format.</summary>
    CredentialUnusable,

    /// <summary>The server refused a remote listener.</summary>
    ForwardingRefused,

    /// <summary>The server refused a channel.</summary>
    ChannelRefused,
}
