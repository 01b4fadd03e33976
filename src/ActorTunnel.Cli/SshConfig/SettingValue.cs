using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>Reads the values of settings. Each throws a <see cref="UsageException"/> that says what to write.</summary>
internal static class SettingValue
{
    /// <summary>Files of one kind, as in OpenSSH (SSH_MAX_IDENTITY_FILES).</summary>
    private const int MaxFiles = 100;

    /// <summary>As in OpenSSH: less would be spent on the keys themselves.</summary>
    private const long LeastRekeyBytes = 16;

    /// <summary>The first word of each value is the one that <c>-G</c> prints.</summary>
    public static (string Word, AddressFamily Value)[] AddressFamilies { get; } =
        [("any", AddressFamily.Unspecified), ("inet", AddressFamily.InterNetwork), ("inet6", AddressFamily.InterNetworkV6)];

    public static (string Word, StrictHostKeyChecking Value)[] HostKeyModes { get; } =
    [
        ("ask", StrictHostKeyChecking.Ask), ("true", StrictHostKeyChecking.Yes), ("yes", StrictHostKeyChecking.Yes),
        ("accept-new", StrictHostKeyChecking.AcceptNew), ("false", StrictHostKeyChecking.No), ("no", StrictHostKeyChecking.No),
        ("off", StrictHostKeyChecking.No),
    ];

    public static (string Word, PassiveAddress Value)[] PassiveAddresses { get; } =
        [("control-host", PassiveAddress.ControlHost), ("reply", PassiveAddress.Reply), ("map", PassiveAddress.Map)];

    public static (string Word, ServerDataMode Value)[] DataModes { get; } =
        [("auto", ServerDataMode.Auto), ("active", ServerDataMode.Active), ("passive", ServerDataMode.Passive)];

    public static (string Word, AuthTls Value)[] AuthTlsWords { get; } =
        [("refuse", AuthTls.Refuse), ("transparent", AuthTls.Transparent)];

    public static (string Word, UploadName Value)[] UploadNames { get; } =
        [("final", UploadName.Final), ("temporary", UploadName.Temporary)];

    private static readonly (string Word, bool Value)[] _flags = [("yes", true), ("true", true), ("no", false), ("false", false)];

    public static T Choice<T>(string keyword, string word, (string Word, T Value)[] choices)
    {
        foreach (var (choice, value) in choices)
        {
            if (word.Equals(choice, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        throw new UsageException(
            $"{keyword} is one of {string.Join(", ", choices.Select(choice => choice.Word))}, not {PrintableText.Quote(word)}");
    }

    public static bool Flag(string keyword, string word) => Choice(keyword, word, _flags);

    // OpenSSH's values "unbound" and "host-bound" choose a form of the same login.
    public static bool KeyLogin(string keyword, string word) =>
        Choice(keyword, word, [.. _flags, ("unbound", true), ("host-bound", true)]);

    public static string UserName(string name, string word) => word.Length > 0 && !word.Any(char.IsControl)
        ? word
        : throw new UsageException($"{name} needs a user name");

    public static string Host(string keyword, string word) => Destination.IsHost(word)
        ? word
        : throw new UsageException($"{keyword} needs the name or address of a host, not {PrintableText.Quote(word)}");

    public static void Add(string keyword, List<string> files, string word)
    {
        if (files.Contains(word))
            return;
        if (files.Count == MaxFiles)
            throw new UsageException($"{keyword}: more than {MaxFiles} files");
        files.Add(word);
    }

    public static IReadOnlyList<string> Fingerprints(ConfigLine line)
    {
        try
        {
            _ = new PinnedHostKeys(line.Words);
            return line.Words;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"{line.Keyword}: {exception.Message}");
        }
    }

    public static string Proxy(string keyword, string word)
    {
        try
        {
            _ = ProxyRules.Parse(word);
            return word;
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{keyword}: {exception.Message}");
        }
    }

    /// <summary>"none" is no file.</summary>
    public static IReadOnlyList<string> Files(ConfigLine line)
    {
        if (line.Words.Count > MaxFiles)
            throw new UsageException($"{line.Keyword}: more than {MaxFiles} files");
        if (!line.Words.Contains("none", StringComparer.OrdinalIgnoreCase))
            return line.Words;
        return line.Words.Count == 1 ? [] : throw new UsageException($"{line.Keyword}: none stands alone");
    }

    /// <summary>A file may name what other programs have; when nothing of it is left, whoever uses the list says so.</summary>
    public static AlgorithmList Algorithms(ConfigLine line, IReadOnlyList<string> supported)
    {
        if (line.Words is not [var word])
            throw new UsageException($"{line.Keyword} is one list, with commas and without blanks");
        return line.IsTyped
            ? TypedAlgorithms.Parse(line.Keyword, word, supported)
            : AlgorithmList.Parse(word, supported);
    }

    public static TimeSpan Time(string keyword, string word) => TimeFormat.Parse(word)
        ?? throw new UsageException($"{keyword} needs {TimeFormat.Form}, not {PrintableText.Quote(word)}");

    public static TimeSpan TimeOrNone(string keyword, string word) =>
        word.Equals("none", StringComparison.OrdinalIgnoreCase) ? TimeSpan.Zero : Time(keyword, word);

    public static TimeSpan TimeOrKeep(string keyword, string word) =>
        word.Equals("keep", StringComparison.OrdinalIgnoreCase) ? Timeout.InfiniteTimeSpan : Time(keyword, word);

    public static int Count(string keyword, string word, int least = 1) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least
            ? count
            : throw new UsageException($"{keyword} needs a number of at least {least}, not {PrintableText.Quote(word)}");

    // 227 has room for an IPv4 address only (RFC 959, section 4.2), and 229 has none for any (RFC 2428, section 3).
    public static IPAddress Ipv4(string keyword, string word) =>
        HostName.TryParseAddress(word, out var address) && address.AddressFamily == AddressFamily.InterNetwork
            ? address
            : throw new UsageException($"{keyword} needs an IPv4 address, not {PrintableText.Quote(word)}");

    /// <summary>Bytes, or "default"; then perhaps a time, or "none". The two are first said each for itself, as in OpenSSH.</summary>
    public static void RekeyLimit(SettingValues values, ConfigLine line)
    {
        if (line.Words.Count > 2)
            throw new UsageException("RekeyLimit takes bytes and a time, as in RekeyLimit 1G 1h");
        var bytes = line.Words[0] == "default" ? 0 : Bytes(line.Words[0]);
        TimeSpan? interval = line.Words is [_, var time] && time != "none" ? Time("RekeyLimit", time) : null;
        values.RekeyBytes ??= bytes;
        values.RekeyInterval ??= interval;
    }

    private static long Bytes(string word) => ByteCountFormat.Parse(word) is { } bytes and (0 or >= LeastRekeyBytes)
        ? bytes
        : throw new UsageException(
            $"RekeyLimit needs a number of bytes, at least {LeastRekeyBytes}, as in 512M or 1G, not {PrintableText.Quote(word)}");
}
