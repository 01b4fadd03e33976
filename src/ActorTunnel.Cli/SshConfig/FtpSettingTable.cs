using ActorTunnel.Cli.CommandLine;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>The keywords of <see cref="SettingTable"/> that are for FTP, and mean nothing to forwards of anything else.</summary>
internal static class FtpSettingTable
{
    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<Setting> Settings { get; } =
    [
        Setting.Word("DataPorts", "LO-HI", "local ports for passive FTP data (the system chooses)",
            (values, word) => values.DataPorts ??= PortNumber.ParseRange("DataPorts", word)),
        Setting.Word("AdvertiseAddress", "IPV4", "what PASV tells clients (the address they connected to)",
            (values, word) => values.AdvertiseAddress ??= SettingValue.Ipv4("AdvertiseAddress", word)),
        Setting.Word("PassiveAddress", "WHERE", "control-host, reply (by the server's 227) or map (control-host)",
            (values, word) => values.PassiveAddress ??= SettingValue.Choice("PassiveAddress", word, SettingValue.PassiveAddresses)),
        Setting.Word("PassiveAddressMap", "LIST", "for map: ADDRESS=HOST,...; the 227's, and how it is reached",
            (values, word) => values.PassiveAddressMap ??= FtpSettingValue.AddressMap("PassiveAddressMap", word)),
        Setting.Word("DataMode", "HOW", "of active clients: active, passive, or what can be (auto)",
            (values, word) => values.DataMode ??= SettingValue.Choice("DataMode", word, SettingValue.DataModes)),
        Setting.Word("DataPeerUid", "YES-NO", "data connections must be of the same uid here; Linux (no)",
            (values, word) => values.DataPeerUid ??= SettingValue.Flag("DataPeerUid", word)),
        Setting.Word("AuthTls", "WHAT", "or transparent: TLS within, data beside the tunnel (refuse)",
            (values, word) => values.AuthTls ??= SettingValue.Choice("AuthTls", word, SettingValue.AuthTlsWords)),
        Setting.Word("VerifySize", "YES-NO", "ask for the SIZE of an upload; another one is an error (no)",
            (values, word) => values.VerifySize ??= SettingValue.Flag("VerifySize", word)),
        Setting.Word("UploadName", "WHICH", "of an upload until it is complete: temporary or final (final)",
            (values, word) => values.UploadName ??= SettingValue.Choice("UploadName", word, SettingValue.UploadNames)),
        Setting.Word("SessionIdle", "TIME", "a session that moves no byte for so long ends (1h; 0 never)",
            (values, word) => values.SessionIdle ??= SettingValue.TimeOrNone("SessionIdle", word)),
        Setting.Word("ReadOnly", "YES-NO", "refuse what changes the server's files (no)",
            (values, word) => values.ReadOnly ??= SettingValue.Flag("ReadOnly", word)),
        new("DeniedCommands", "LIST", "commands that are refused, as in DELE,SITE CHMOD",
            (values, line) => values.DeniedCommands ??= FtpSettingValue.Commands(line)),
        Setting.Word("AllowFxp", "YES-NO", "data connections with other hosts than the client (no)",
            (values, word) => values.AllowFxp ??= SettingValue.Flag("AllowFxp", word)),
        Setting.Word("MaxLineLength", "BYTES", "of the longest FTP command, 512 to 65536 (16384)",
            (values, word) => values.MaxLineLength ??= FtpSettingValue.LineLength("MaxLineLength", word)),
        Setting.Word("SessionsPerClient", "N", "FTP sessions of one client address at once, by each forward",
            (values, word) => values.SessionsPerClient ??= SettingValue.Count("SessionsPerClient", word)),
        Setting.Word("SessionsPerUser", "N", "FTP sessions of one FTP user at once, by each forward",
            (values, word) => values.SessionsPerUser ??= SettingValue.Count("SessionsPerUser", word)),
        Setting.Word("TransferRate", "BYTES", "a second of each transfer at most, as in 512K or 10M",
            (values, word) => values.TransferRate ??= FtpSettingValue.Rate("TransferRate", word)),
    ];

    /// <summary>Whether a keyword, in any case, is one of these.</summary>
    public static bool Has(string keyword) =>
        Settings.Any(setting => setting.Keyword.Equals(keyword, StringComparison.OrdinalIgnoreCase));
}
