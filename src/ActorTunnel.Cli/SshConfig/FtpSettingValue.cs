using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>As <see cref="SettingValue"/>, of the settings for FTP that have a form of their own.</summary>
internal static class FtpSettingValue
{
    /// <summary><c>10.0.0.5=ftp1.internal,10.0.0.6=ftp2.internal</c>.</summary>
    public static IReadOnlyDictionary<IPAddress, string> AddressMap(string keyword, string word)
    {
        var map = new Dictionary<IPAddress, string>();
        foreach (var entry in Entries(word))
        {
            if (entry.Split('=') is not [var address, var host])
                throw new UsageException($"{keyword} needs ADDRESS=HOST, with commas between several, not {PrintableText.Quote(entry)}");
            if (!map.TryAdd(SettingValue.Ipv4(keyword, address), SettingValue.Host(keyword, host)))
                throw new UsageException($"{keyword} has {address} twice");
        }

        return map.ToFrozenDictionary();
    }

    public static string Text(IReadOnlyDictionary<IPAddress, string> map) =>
        string.Join(',', map.Select(entry => $"{entry.Key}={entry.Value}").Order(StringComparer.Ordinal));

    /// <summary><c>DELE,SITE CHMOD</c>: blanks need no quotes.</summary>
    public static IReadOnlySet<string> Commands(ConfigLine line) =>
        Entries(string.Join(' ', line.Words)).Select(entry => Command(line.Keyword, entry)).ToFrozenSet();

    public static string Text(IReadOnlySet<string> commands) => string.Join(',', commands.Order(StringComparer.Ordinal));

    public static int LineLength(string keyword, string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length is >= FtpRestrictions.LeastMaxLineLength and <= FtpRestrictions.MostMaxLineLength
                ? length
                : throw new UsageException($"{keyword} needs a number of bytes from {FtpRestrictions.LeastMaxLineLength} to "
                    + $"{FtpRestrictions.MostMaxLineLength}, not {PrintableText.Quote(word)}");

    public static long Rate(string keyword, string word) =>
        ByteCountFormat.Parse(word) is { } rate and >= FtpRestrictions.LeastTransferRate
            ? rate
            : throw new UsageException(
                $"{keyword} needs a number of bytes a second, at least 1K, as in 512K or 10M, not {PrintableText.Quote(word)}");

    private static string Command(string keyword, string entry)
    {
        try
        {
            return DeniedCommand.Parse(entry);
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{keyword}: {PrintableText.Quote(entry)}: {exception.Message}");
        }
    }

    // "none" overrules a file.
    private static string[] Entries(string text) => text.Equals("none", StringComparison.OrdinalIgnoreCase) ? [] : text.Split(',');
}
