using System.Net.Sockets;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.SshConfig;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Daemon.Profiles;

/// <summary>
/// Reads a profile of the configuration file into the settings that <c>-o</c> and ssh's files make too, so that one builder serves both.
/// </summary>
/// <param name="paths">Where its files are.</param>
/// <param name="mistake">Told of what cannot be used: the key, and why.</param>
internal sealed class ProfileSettings(ConfigurationPaths paths, Action<string, string> mistake)
{
    private static readonly string[] _knownHosts = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];

    /// <summary>The keys in files that have been read, for a policy that asks for their types first; empty when there are others.</summary>
    public IReadOnlyList<PublicKey> PinnedKeys { get; private set; } = [];

    /// <summary>What the profile says. A host or user that it leaves open is empty.</summary>
    public SshSettings Read(ProfileSection section)
    {
        var values = new SettingValues
        {
            Port = Try("port", () => PortNumber.Parse("port", $"{section.Port}")),
            User = section.User is { } user ? Try("user", () => SettingValue.UserName("user", user)) ?? "" : "",
            AddressFamily = section.AddressFamily switch
            {
                AddressFamilyName.Inet => AddressFamily.InterNetwork,
                AddressFamilyName.Inet6 => AddressFamily.InterNetworkV6,
                _ => AddressFamily.Unspecified,
            },
            IdentityAgent = (section.Agent is { } agent ? Try("agent", () => paths.Full(agent)) : null) ?? section.Agent,
            UserKnownHostsFiles = section.KnownHosts is { } known
                ? Files("knownHosts", known, mustExist: false)
                : [.. _knownHosts.Select(UserPath.Expand)],
            // Who says which files count means these alone.
            GlobalKnownHostsFiles = section.KnownHosts is null ? null : [],
            HostKeyAlias = section.HostKeyAlias is { } alias ? Try("hostKeyAlias", () => SettingValue.Host("hostKeyAlias", alias)) : null,
            HostKeyFingerprints = Pins(section.HostKeys),
            StrictHostKeyChecking = section.HostKeyPolicy switch
            {
                HostKeyMode.AcceptNew => StrictHostKeyChecking.AcceptNew,
                HostKeyMode.Ask => null, // strict without a terminal
                _ => StrictHostKeyChecking.Yes,
            },
            Proxy = section.Proxy is { } proxy ? Try("proxy", () => SettingValue.Proxy("proxy", proxy)) : null,
            ProxyPasswordFile = Secret("proxyPasswordFile", section.ProxyPasswordFile),
            KexAlgorithms = Algorithms("kexAlgorithms", section.KexAlgorithms, SshAlgorithms.KeyExchanges),
            HostKeyAlgorithms = Algorithms("hostKeyAlgorithms", section.HostKeyAlgorithms, SshAlgorithms.HostKeys),
            Ciphers = Algorithms("ciphers", section.Ciphers, SshAlgorithms.Ciphers),
            Macs = Algorithms("macs", section.Macs, SshAlgorithms.Macs),
            ConnectTimeout = Time("connectTimeout", section.ConnectTimeout, SettingValue.TimeOrNone),
            ServerAliveInterval = Time("keepAliveInterval", section.KeepAliveInterval, SettingValue.TimeOrNone),
            ServerAliveCountMax = Count("keepAliveCountMax", section.KeepAliveCountMax, 0, 1000),
            ConnectionIdle = Time("idleTimeout", section.IdleTimeout, Idle) ?? DefaultIdle(section),
            ConnectionsPerIdentity = Count("connections", section.Connections, 1, 64),
            MaxChannelsPerConnection = Count("maxChannels", section.MaxChannels, 2, 16384),
        };
        values.IdentityFiles.AddRange(Files("identityFiles", section.IdentityFiles, mustExist: true));
        values.CertificateFiles.AddRange(Files("certificateFiles", section.CertificateFiles, mustExist: true));
        if (section.RekeyLimit is { } limit)
            Try("rekeyLimit", () => SettingValue.RekeyLimit(values, RekeyLine(limit)));

        var host = section.Host is { } named ? Try("host", () => SettingValue.Host("host", named)) ?? "" : "";
        return SshSettings.Create(host, HostName.Canonical(host), values, LocalUser.Current, Tokens.None);
    }

    /// <summary>A file with a password in its first line, as it is opened.</summary>
    public string? Secret(string key, string? file)
    {
        if (file is null)
            return null;
        try
        {
            var path = paths.Full(file);
            UnattendedPassword.FromFile(path).Dispose();
            return path;
        }
        catch (Exception exception) when (exception is UsageException or TunnelException)
        {
            mistake(key, exception.Message);
            return null;
        }
    }

    // As with forward: errors show at the start, and a lost connection is made anew before somebody needs it.
    private static TimeSpan DefaultIdle(ProfileSection section) =>
        section.ConnectOnStart ? Timeout.InfiniteTimeSpan : new Engine.Configuration.PoolOptions().IdleTimeout;

    // A quote without its end, or a comment, is none.
    private static ConfigLine RekeyLine(string limit) => ConfigLine.Parse($"RekeyLimit {limit}") is { Words.Count: > 0 } line
        ? line
        : throw new UsageException("rekeyLimit takes bytes and a time, as in 1G 1h");

    private static TimeSpan Idle(string key, string text)
    {
        var time = SettingValue.TimeOrKeep(key, text);
        return time <= TimeSpan.FromDays(1) ? time : throw new UsageException($"{key} is a time up to a day, or keep");
    }

    private static bool IsFingerprint(string pin) => pin.StartsWith("SHA256:", StringComparison.Ordinal);

    private List<string> Pins(IReadOnlyList<string> pins)
    {
        var fingerprints = new List<string>();
        var keys = new List<PublicKey>();
        foreach (var pin in pins)
        {
            var key = IsFingerprint(pin) ? null : ReadKey(pin);
            if (key is not null)
                keys.Add(key);
            var fingerprint = IsFingerprint(pin) ? pin : key?.Fingerprint;
            if (fingerprint is null)
                continue;
            try
            {
                _ = new PinnedHostKeys([fingerprint]);
                fingerprints.Add(fingerprint);
            }
            catch (ArgumentException exception)
            {
                mistake("hostKeys", exception.Message);
            }
        }

        PinnedKeys = keys.Count == pins.Count ? keys : [];
        return fingerprints;
    }

    private PublicKey? ReadKey(string file) => Try("hostKeys", () =>
    {
        var path = paths.Full(file);
        try
        {
            return PublicKey.ParseLine(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"there is no file {path}: write a SHA256: fingerprint, or a file with a public key");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SshException)
        {
            throw new UsageException($"{path} is neither a SHA256: fingerprint nor a file with a public key: {exception.Message}");
        }
    });

    private List<string> Files(string key, IReadOnlyList<string> files, bool mustExist)
    {
        var result = new List<string>();
        foreach (var file in files)
        {
            if (Try(key, () => paths.Full(file)) is not { } path)
                continue;
            if (mustExist && !IdentityFile.Exists(path))
                mistake(key, $"there is no file {path}");
            result.Add(path);
        }

        return result;
    }

    private AlgorithmList? Algorithms(string key, string? text, IReadOnlyList<string> supported) =>
        text is null ? null : Try(key, () => TypedAlgorithms.Parse(key, text, supported));

    private TimeSpan? Time(string key, string? text, Func<string, string, TimeSpan> read)
    {
        TimeSpan? time = null;
        if (text is not null)
            Try(key, () => { time = read(key, text); });
        return time;
    }

    private int? Count(string key, int? number, int least, int most)
    {
        if (number is null || (number >= least && number <= most))
            return number;
        mistake(key, $"{key} needs a number from {least} to {most}, not {number}");
        return null;
    }

    private void Try(string key, Action read) => Try(key, () =>
    {
        read();
        return true;
    });

    private T? Try<T>(string key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UsageException exception)
        {
            mistake(key, exception.Message);
            return default;
        }
    }
}
