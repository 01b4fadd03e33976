using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>The keywords of <c>-o</c> and of configuration files, which are the same: those of ssh_config(5), and ours for FTP.</summary>
internal static class SettingTable
{
    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<Setting> Settings { get; } =
    [
        Setting.Word("HostName", "HOST", "the host to connect to, where it is not the name given",
            (values, word) => values.HostName ??= word),
        Setting.Word("Port", "PORT", "as -p",
            (values, word) => values.Port ??= PortNumber.Parse("Port", word)),
        Setting.Word("User", "USER", "as -l",
            (values, word) => values.User ??= SettingValue.UserName("User", word)),
        Setting.Word("AddressFamily", "FAMILY", "any, inet (as -4) or inet6 (as -6)",
            (values, word) => values.AddressFamily ??= SettingValue.Choice("AddressFamily", word, SettingValue.AddressFamilies)),
        new("ProxyJump", "HOSTS", "as -J; none overrules a file", TakeJumps),
        Setting.Word("Proxy", "RULES", "socks5://[USER@]HOST:PORT or http://..., see below",
            (values, word) => values.Proxy ??= SettingValue.Proxy("Proxy", word)),
        Setting.Word("ProxyPasswordFile", "FILE", "first line is the proxy's password; mode 0600",
            (values, word) => values.ProxyPasswordFile ??= word),
        Setting.Word("IdentityFile", "FILE", "as -i",
            (values, word) => SettingValue.Add("IdentityFile", values.IdentityFiles, word)),
        Setting.Word("CertificateFile", "FILE", "certificate of a key",
            (values, word) => SettingValue.Add("CertificateFile", values.CertificateFiles, word)),
        Setting.Word("IdentitiesOnly", "YES-NO", "of the agent's keys, only those of IdentityFile (no)",
            (values, word) => values.IdentitiesOnly ??= SettingValue.Flag("IdentitiesOnly", word)),
        Setting.Word("IdentityAgent", "SOCKET", "the agent, or none (SSH_AUTH_SOCK)",
            (values, word) => values.IdentityAgent ??= word),
        Setting.Word("PreferredAuthentications", "LIST", "publickey, keyboard-interactive and password, best first",
            (values, word) => values.PreferredAuthentications ??= word.Split(',')),
        Setting.Word("PubkeyAuthentication", "YES-NO", "log in with keys (yes)",
            (values, word) => values.PubkeyAuthentication ??= SettingValue.KeyLogin("PubkeyAuthentication", word)),
        Setting.Word("PasswordAuthentication", "YES-NO", "log in with a password (yes)",
            (values, word) => values.PasswordAuthentication ??= SettingValue.Flag("PasswordAuthentication", word)),
        Setting.Word("KbdInteractiveAuthentication", "YES-NO", "answer the server's questions (yes)",
            (values, word) => values.KbdInteractiveAuthentication ??= SettingValue.Flag("KbdInteractiveAuthentication", word)),
        Setting.Word("BatchMode", "YES-NO", "ask nobody anything (no)",
            (values, word) => values.BatchMode ??= SettingValue.Flag("BatchMode", word)),
        Setting.Word("NumberOfPasswordPrompts", "N", "tries at a password or passphrase (3)",
            (values, word) => values.NumberOfPasswordPrompts ??= SettingValue.Count("NumberOfPasswordPrompts", word, least: 0)),
        new("UserKnownHostsFile", "FILE...", "known host keys (~/.ssh/known_hosts ~/.ssh/known_hosts2)",
            (values, line) => values.UserKnownHostsFiles ??= SettingValue.Files(line)),
        new("GlobalKnownHostsFile", "FILE...", "those of the machine (/etc/ssh/ssh_known_hosts ...)",
            (values, line) => values.GlobalKnownHostsFiles ??= SettingValue.Files(line)),
        Setting.Word("HostKeyAlias", "NAME", "look the host key up under this name",
            (values, word) => values.HostKeyAlias ??= SettingValue.Host("HostKeyAlias", word)),
        new("HostKeyFingerprint", "SHA256:...", "the right host keys, whatever is known",
            (values, line) => values.HostKeyFingerprints ??= SettingValue.Fingerprints(line)),
        Setting.Word("StrictHostKeyChecking", "MODE", "ask, yes, accept-new or no (ask; without a terminal yes)",
            (values, word) =>
                values.StrictHostKeyChecking ??= SettingValue.Choice("StrictHostKeyChecking", word, SettingValue.HostKeyModes)),
        new("KexAlgorithms", "LIST", "best first; +LIST, -LIST and ^LIST change the default",
            (values, line) => values.KexAlgorithms ??= SettingValue.Algorithms(line, SshAlgorithms.KeyExchanges)),
        new("HostKeyAlgorithms", "LIST", "likewise",
            (values, line) => values.HostKeyAlgorithms ??= SettingValue.Algorithms(line, SshAlgorithms.HostKeys)),
        new("Ciphers", "LIST", "likewise",
            (values, line) => values.Ciphers ??= SettingValue.Algorithms(line, SshAlgorithms.Ciphers)),
        new("MACs", "LIST", "likewise",
            (values, line) => values.Macs ??= SettingValue.Algorithms(line, SshAlgorithms.Macs)),
        new("RekeyLimit", "BYTES [TIME]", "new keys after so much (K, M or G), or so long", SettingValue.RekeyLimit),
        Setting.Word("ConnectTimeout", "TIME", "for TCP and key exchange together (2m)",
            (values, word) => values.ConnectTimeout ??= SettingValue.TimeOrNone("ConnectTimeout", word)),
        Setting.Word("ServerAliveInterval", "TIME", "silence before the server is asked (15; 0 never asks)",
            (values, word) => values.ServerAliveInterval ??= SettingValue.TimeOrNone("ServerAliveInterval", word)),
        Setting.Word("ServerAliveCountMax", "N", "questions without an answer until it counts as lost (3)",
            (values, word) => values.ServerAliveCountMax ??= SettingValue.Count("ServerAliveCountMax", word, least: 0)),
        Setting.Word("ConnectionIdle", "TIME", "how long an SSH connection without sessions is kept (keep)",
            (values, word) => values.ConnectionIdle ??= SettingValue.TimeOrKeep("ConnectionIdle", word)),
        Setting.Word("ConnectionsPerIdentity", "N", "SSH connections to spread data channels over (1)",
            (values, word) => values.ConnectionsPerIdentity ??= SettingValue.Count("ConnectionsPerIdentity", word)),
        Setting.Word("MaxChannelsPerConnection", "N", "then another SSH connection is made (1000)",
            (values, word) => values.MaxChannelsPerConnection ??= SettingValue.Count("MaxChannelsPerConnection", word)),
        Setting.Word("MaxConnectionsPerServer", "N", "SSH connections at most (1000)",
            (values, word) => values.MaxConnectionsPerServer ??= SettingValue.Count("MaxConnectionsPerServer", word)),
        Setting.Word("DataPorts", "LO-HI", "local ports for passive FTP data (the system chooses)",
            (values, word) => values.DataPorts ??= PortNumber.ParseRange("DataPorts", word)),
        Setting.Word("AdvertiseAddress", "IPV4", "what PASV tells clients (the address they connected to)",
            (values, word) => values.AdvertiseAddress ??= SettingValue.Ipv4("AdvertiseAddress", word)),
        Setting.Word("PassiveAddress", "WHERE", "control-host, reply (what the server's 227 says) or map (control-host)",
            (values, word) => values.PassiveAddress ??= SettingValue.Choice("PassiveAddress", word, SettingValue.PassiveAddresses)),
        Setting.Word("PassiveAddressMap", "LIST", "with PassiveAddress=map: ADDRESS=HOST,... for an ADDRESS in the 227 take HOST",
            (values, word) => values.PassiveAddressMap ??= FtpSettingValue.AddressMap("PassiveAddressMap", word)),
        Setting.Word("DataMode", "HOW", "of active clients: active, passive, or what can be (auto)",
            (values, word) => values.DataMode ??= SettingValue.Choice("DataMode", word, SettingValue.DataModes)),
        Setting.Word("DataPeerUid", "YES-NO", "data connections must be of the control connection's uid (no)",
            (values, word) => values.DataPeerUid ??= SettingValue.Flag("DataPeerUid", word)),
        Setting.Word("AuthTls", "WHAT", "or transparent: TLS within, data beside the tunnel (refuse)",
            (values, word) => values.AuthTls ??= SettingValue.Choice("AuthTls", word, SettingValue.AuthTlsWords)),
        Setting.Word("VerifySize", "YES-NO", "ask for the SIZE of an upload, and tell when it is another (no)",
            (values, word) => values.VerifySize ??= SettingValue.Flag("VerifySize", word)),
        Setting.Word("UploadName", "WHICH", "of an upload until it is complete: final, or temporary (final)",
            (values, word) => values.UploadName ??= SettingValue.Choice("UploadName", word, SettingValue.UploadNames)),
        Setting.Word("SessionIdle", "TIME", "a session that moves no byte for so long ends (1h; 0 never)",
            (values, word) => values.SessionIdle ??= SettingValue.TimeOrNone("SessionIdle", word)),
        Setting.Word("ReadOnly", "YES-NO", "refuse what changes the server's files (no)",
            (values, word) => values.ReadOnly ??= SettingValue.Flag("ReadOnly", word)),
        new("DeniedCommands", "LIST", "commands that are refused, as in DELE,SITE CHMOD",
            (values, line) => values.DeniedCommands ??= FtpSettingValue.Commands(line)),
        Setting.Word("AllowFxp", "YES-NO", "data connections from and to other hosts than the client's (no)",
            (values, word) => values.AllowFxp ??= SettingValue.Flag("AllowFxp", word)),
        Setting.Word("MaxLineLength", "BYTES", "of the longest FTP command, 512 to 65536 (16384)",
            (values, word) => values.MaxLineLength ??= FtpSettingValue.LineLength("MaxLineLength", word)),
        Setting.Word("SessionsPerClient", "N", "FTP sessions of one client address at once, by each forward",
            (values, word) => values.SessionsPerClient ??= SettingValue.Count("SessionsPerClient", word)),
        Setting.Word("SessionsPerUser", "N", "FTP sessions of one FTP user at once, by each forward",
            (values, word) => values.SessionsPerUser ??= SettingValue.Count("SessionsPerUser", word)),
        Setting.Word("TransferRate", "BYTES", "a second of each transfer at most, as in 512K or 10M",
            (values, word) => values.TransferRate ??= FtpSettingValue.Rate("TransferRate", word)),
        Setting.Word("IgnoreUnknown", "PATTERNS", "keywords that are no error in what follows",
            (values, word) => values.IgnoreUnknown ??= word),
    ];

    // Ours to stop at, not to honour: to go on without them would connect around what they are there for.
    private static readonly Setting[] _refused =
    [
        new("ProxyCommand", "COMMAND", "", TakeCommand),
        Setting.Word("RevokedHostKeys", "FILE", "", (values, word) => values.RevokedHostKeys ??= word),
    ];

    /// <summary>Keywords that OpenSSH still takes for others.</summary>
    private static readonly Dictionary<string, string> _oldNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ChallengeResponseAuthentication"] = "KbdInteractiveAuthentication",
        ["SkeyAuthentication"] = "KbdInteractiveAuthentication",
        ["TISAuthentication"] = "KbdInteractiveAuthentication",
        ["DSAAuthentication"] = "PubkeyAuthentication",
    };

    /// <summary>Applies one line to <paramref name="values"/>.</summary>
    /// <param name="values">Where the value goes, unless it is there already.</param>
    /// <param name="line">The line.</param>
    /// <param name="ignoreUnknown">Patterns of keywords that are no error.</param>
    /// <returns>False when the keyword is OpenSSH's and means nothing here.</returns>
    /// <exception cref="UsageException">The keyword is unknown or its value cannot be used.</exception>
    public static bool Apply(SettingValues values, ConfigLine line, string? ignoreUnknown)
    {
        var keyword = _oldNames.GetValueOrDefault(line.Keyword, line.Keyword);
        var setting = Settings.Concat(_refused).FirstOrDefault(s => s.Keyword.Equals(keyword, StringComparison.OrdinalIgnoreCase));
        if (setting is null)
        {
            if (OpenSshKeywords.Unused.Contains(line.Keyword) || IsIgnored(line.Keyword, ignoreUnknown))
                return line.Text.Length > 0 ? false : throw new UsageException($"{line.Keyword} needs a value");
            throw new UsageException(OpenSshKeywords.OfFiles.Contains(line.Keyword, StringComparer.OrdinalIgnoreCase)
                ? $"{line.Keyword} stands in configuration files only"
                : $"unknown setting {PrintableText.Quote(line.Keyword)}{Nearest(line.Keyword)}");
        }

        if (line.Words.Count == 0 || line.Words.Contains(""))
            throw new UsageException($"{setting.Keyword} needs a value: {setting.Keyword}={setting.Value}");
        setting.Apply(new SettingValues(), line); // For its form: that is looked at, as in ssh, also when an earlier value wins.
        setting.Apply(values, line);
        return true;
    }

    private static void TakeJumps(SettingValues values, ConfigLine line)
    {
        var jumps = JumpList.Parse(line.Text);
        if (values.ProxyCommand is null)
            values.ProxyJump ??= jumps;
    }

    // ProxyJump none does not keep a command away: so it is in OpenSSH 9.2.
    private static void TakeCommand(SettingValues values, ConfigLine line)
    {
        if (values.ProxyJump is not { Count: > 0 })
            values.ProxyCommand ??= line.Text;
    }

    private static bool IsIgnored(string keyword, string? patterns) =>
        patterns is not null && PatternList.Matches(patterns, keyword.ToLowerInvariant(), toLower: true);

    private static string Nearest(string keyword) =>
        NearestName.Hint(keyword, [.. Settings.Select(setting => setting.Keyword), .. OpenSshKeywords.OfFiles, .. OpenSshKeywords.Unused]);
}
