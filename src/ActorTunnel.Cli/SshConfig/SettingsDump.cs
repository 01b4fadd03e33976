using System.Globalization;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>The settings for a host as <c>ssh -G</c> prints them: keyword in lower case, blank, value.</summary>
internal static class SettingsDump
{
    /// <summary>One line for each value.</summary>
    public static IEnumerable<string> Lines(SshSettings settings) =>
        Pairs(settings)
            .Where(pair => pair.Value is not null)
            .Select(pair => PrintableText.OneLine($"{pair.Keyword} {pair.Value}"));

    private static IEnumerable<(string Keyword, string? Value)> Pairs(SshSettings settings) =>
    [
        ("host", settings.Host),
        ("user", settings.User),
        ("hostname", settings.HostName),
        ("port", $"{settings.Port}"),
        ("addressfamily", Word(SettingValue.AddressFamilies, settings.AddressFamily)),
        ("batchmode", Flag(settings.BatchMode)),
        ("identitiesonly", Flag(settings.IdentitiesOnly)),
        ("kbdinteractiveauthentication", Flag(settings.KbdInteractiveAuthentication)),
        ("passwordauthentication", Flag(settings.PasswordAuthentication)),
        ("pubkeyauthentication", settings.PubkeyAuthentication ? "true" : "false"),
        ("stricthostkeychecking", Word(SettingValue.HostKeyModes, settings.StrictHostKeyChecking ?? StrictHostKeyChecking.Ask)),
        ("numberofpasswordprompts", $"{settings.NumberOfPasswordPrompts}"),
        ("serveralivecountmax", $"{settings.ServerAliveCountMax}"),
        ("serveraliveinterval", Seconds(settings.ServerAliveInterval)),
        ("ciphers", Names(settings.Ciphers, SshAlgorithms.Ciphers)),
        ("hostkeyalgorithms", Names(settings.HostKeyAlgorithms, SshAlgorithms.HostKeys)),
        ("hostkeyalias", settings.HostKeyAlias),
        ("hostkeyfingerprint", settings.HostKeyFingerprints.Count > 0 ? string.Join(' ', settings.HostKeyFingerprints) : null),
        ("identityagent", settings.ExpandedIdentityAgent),
        ("kexalgorithms", Names(settings.KexAlgorithms, SshAlgorithms.KeyExchanges)),
        ("macs", Names(settings.Macs, SshAlgorithms.Macs)),
        ("preferredauthentications", settings.PreferredAuthentications is { } methods ? string.Join(',', methods) : null),
        ("revokedhostkeys", settings.RevokedHostKeys),
        .. (settings.IdentityFiles.Count > 0 ? settings.IdentityFiles : IdentitySettings.DefaultFiles)
            .Select(file => ("identityfile", (string?)file)),
        .. settings.CertificateFiles.Select(file => ("certificatefile", (string?)file)),
        ("globalknownhostsfile", Files(settings.GlobalKnownHostsFiles)),
        ("userknownhostsfile", Files(settings.UserKnownHostsFiles)),
        ("connecttimeout", settings.ConnectTimeout is { Ticks: > 0 } timeout ? Seconds(timeout) : "none"),
        ("rekeylimit", $"{settings.RekeyBytes} {Seconds(settings.RekeyInterval)}"),
        ("proxy", settings.Proxy),
        ("proxycommand", settings.ProxyCommand),
        ("proxyjump", settings.ProxyJump.Count > 0 ? JumpList.Format(settings.ProxyJump) : null),
        ("connectionidle", settings.Pool.IdleTimeout == Timeout.InfiniteTimeSpan ? "keep" : Seconds(settings.Pool.IdleTimeout)),
        ("connectionsperidentity", $"{settings.Pool.ConnectionsPerIdentity}"),
        ("maxchannelsperconnection", $"{settings.Pool.MaxChannelsPerConnection}"),
        ("maxconnectionsperserver", $"{settings.Admission.MaxConnectionsPerServer}"),
        .. Pairs(settings.Ftp),
        .. Pairs(settings.Ftp.Restrictions),
    ];

    private static IEnumerable<(string Keyword, string? Value)> Pairs(FtpOptions ftp) =>
    [
        ("dataports", ftp.DataPorts is { } ports ? $"{ports.Low}-{ports.High}" : null),
        ("advertiseaddress", ftp.AdvertiseAddress?.ToString()),
        ("passiveaddress", Word(SettingValue.PassiveAddresses, ftp.PassiveAddress)),
        ("passiveaddressmap", ftp.PassiveAddressMap.Count > 0 ? FtpSettingValue.Text(ftp.PassiveAddressMap) : null),
        ("datamode", Word(SettingValue.DataModes, ftp.DataMode)),
        ("datapeeruid", Flag(ftp.DataPeerUid)),
        ("authtls", Word(SettingValue.AuthTlsWords, ftp.AuthTls)),
        ("verifysize", Flag(ftp.VerifySize)),
        ("uploadname", Word(SettingValue.UploadNames, ftp.UploadName)),
        ("sessionidle", ftp.SessionIdle is { } idle ? Seconds(idle) : "none"),
    ];

    private static IEnumerable<(string Keyword, string? Value)> Pairs(FtpRestrictions restrictions) =>
    [
        ("readonly", Flag(restrictions.ReadOnly)),
        ("deniedcommands", restrictions.DeniedCommands.Count > 0 ? FtpSettingValue.Text(restrictions.DeniedCommands) : null),
        ("allowfxp", Flag(restrictions.AllowFxp)),
        ("maxlinelength", $"{restrictions.MaxLineLength}"),
        ("sessionsperclient", restrictions.SessionsPerClient?.ToString(CultureInfo.InvariantCulture)),
        ("sessionsperuser", restrictions.SessionsPerUser?.ToString(CultureInfo.InvariantCulture)),
        ("transferrate", restrictions.TransferRate?.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string Word<T>((string Word, T Value)[] words, T value)
        where T : struct, Enum => Array.Find(words, word => word.Value.Equals(value)).Word;

    private static string Flag(bool value) => value ? "yes" : "no";

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0}";

    private static string Names(AlgorithmList? list, IReadOnlyList<string> all) => string.Join(',', list?.Names ?? all);

    private static string Files(IReadOnlyList<string> files) => files.Count == 0 ? "none" : string.Join(' ', files);
}
