using System.ComponentModel;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>How FTP is carried, and what its clients may do: of a rule or a tunnel.</summary>
public abstract record FtpPolicySection
{
    /// <summary>LOW-HIGH.</summary>
    [Description("Local ports for passive data connections, LOW-HIGH (the system chooses).")]
    [NumberToo]
    public string? DataPorts { get; init; }

    /// <summary>IPv4.</summary>
    [Description("IPv4 address that PASV tells clients (the one they connected to).")]
    public string? AdvertiseAddress { get; init; }

    /// <inheritdoc cref="FtpOptions.PassiveAddress"/>
    [Description("Where passive data connections go: the control connection's host, what the server's 227 says (reply), or what "
        + "passiveAddressMap makes of that (map).")]
    public PassiveAddress PassiveAddress { get; init; }

    /// <inheritdoc cref="FtpOptions.PassiveAddressMap"/>
    [Description("For passiveAddress map: addresses that the server's 227 names, each with the host by which it is reached. Others are taken "
        + "for the control connection's host.")]
    public IReadOnlyDictionary<string, string> PassiveAddressMap { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc cref="FtpOptions.DataMode"/>
    [Description("Clients that ask for active mode: a listener on the SSH server (active), the FTP server's passive mode instead (passive), or "
        + "that one where the listener cannot be (auto).")]
    public ServerDataMode DataMode { get; init; }

    /// <inheritdoc cref="FtpOptions.DataPeerUid"/>
    [Description("Data connections of clients on this machine must belong to the user (uid) of their control connection; Linux.")]
    public bool DataPeerUid { get; init; }

    /// <inheritdoc cref="FtpOptions.AuthTls"/>
    [Description("AUTH TLS: refuse it (clients stay readable inside the tunnel), or carry the connection unread from then on (transparent: data "
        + "connections are then not made through the tunnel).")]
    public AuthTls AuthTls { get; init; }

    /// <inheritdoc cref="FtpOptions.VerifySize"/>
    [Description("After an upload in TYPE I ask the server for the file's SIZE: another one than was sent is a broken transfer.")]
    public bool VerifySize { get; init; }

    /// <inheritdoc cref="FtpOptions.UploadName"/>
    [Description("Under which name an upload lies on the server while it is not complete: its own (final), or another one in the same directory "
        + "(temporary). APPE, STOU and uploads after REST keep their own.")]
    public UploadName UploadName { get; init; }

    /// <inheritdoc cref="FtpOptions.SessionIdle"/>
    [Description("A session that moves no byte for so long, neither of commands nor of data, ends (1h; 0: never).")]
    [NumberToo]
    public string? SessionIdle { get; init; }

    /// <inheritdoc cref="FtpRestrictions.ReadOnly"/>
    [Description("Refuse every command that changes the server's files.")]
    public bool ReadOnly { get; init; }

    /// <inheritdoc cref="FtpRestrictions.DeniedCommands"/>
    [Description("Commands that are refused, as in DELE or SITE CHMOD.")]
    public IReadOnlyList<string> DeniedCommands { get; init; } = [];

    /// <inheritdoc cref="FtpRestrictions.AllowFxp"/>
    [Description("Data connections may go to and come from other hosts than the client's (FXP, from server to server).")]
    public bool AllowFxp { get; init; }

    /// <inheritdoc cref="FtpRestrictions.MaxLineLength"/>
    [Description("Bytes of the longest command line, 512 to 65536 (16384).")]
    public int? MaxLineLength { get; init; }

    /// <inheritdoc cref="FtpRestrictions.SessionsPerClient"/>
    [Description("Sessions of one client address at once.")]
    public int? SessionsPerClient { get; init; }

    /// <inheritdoc cref="FtpRestrictions.SessionsPerUser"/>
    [Description("Sessions of one FTP user at once.")]
    public int? SessionsPerUser { get; init; }

    /// <inheritdoc cref="FtpRestrictions.TransferRate"/>
    [Description("Bytes a second of each transfer, with K, M or G behind the number; at least 1K.")]
    [NumberToo]
    public string? TransferRate { get; init; }
}
