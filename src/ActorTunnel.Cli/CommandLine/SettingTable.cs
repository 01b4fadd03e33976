using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>The keywords of <c>-o</c>: those of ssh_config(5), and ours for FTP.</summary>
internal static class SettingTable
{
    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<Setting> Settings { get; } =
    [
        new("Port", "PORT", "as -p",
            (arguments, value) => arguments.Port ??= PortNumber.Parse("Port", value)),
        new("User", "USER", "as -l",
            (arguments, value) => arguments.User ??= ForwardOptionTable.UserName("User", value)),
        new("IdentityFile", "FILE", "as -i",
            (arguments, value) => arguments.IdentityFiles.Add(value)),
        new("UserKnownHostsFile", "FILE...", "known host keys (~/.ssh/known_hosts ~/.ssh/known_hosts2)",
            (arguments, value) => arguments.UserKnownHostsFiles ??= FileList(value)),
        new("StrictHostKeyChecking", "MODE", "ask, yes, accept-new or no (ask; without a terminal yes)",
            (arguments, value) => arguments.StrictHostKeyChecking ??= HostKeyMode(value)),
        new("Ciphers", "LIST", "best first; +LIST, -LIST and ^LIST change the default",
            (arguments, value) => arguments.Ciphers ??= TypedAlgorithms.Parse("Ciphers", value, SshAlgorithms.Ciphers)),
        new("ConnectTimeout", "TIME", "for TCP and key exchange together (2m)",
            (arguments, value) => arguments.ConnectTimeout ??= Timeout("ConnectTimeout", value)),
        new("ServerAliveInterval", "TIME", "silence before the server is asked (15; 0 never asks)",
            (arguments, value) => arguments.ServerAliveInterval ??= TimeFormat.Parse("ServerAliveInterval", value)),
        new("ServerAliveCountMax", "N", "questions without an answer before the connection is lost (3)",
            (arguments, value) => arguments.ServerAliveCountMax ??= Count("ServerAliveCountMax", value)),
        new("DataPorts", "LO-HI", "local ports for passive FTP data (the system chooses)",
            (arguments, value) => arguments.DataPorts ??= PortNumber.ParseRange("DataPorts", value)),
        new("AdvertiseAddress", "IPV4", "what PASV tells clients (the address they connected to)",
            (arguments, value) => arguments.AdvertiseAddress ??= Advertised(value)),
        new("PassiveAddress", "WHERE", "control-host, or reply: the address in the server's 227 (control-host)",
            (arguments, value) => arguments.PassiveAddress ??= PassiveTarget(value)),
    ];

    /// <summary>Applies <c>Keyword=Value</c> or <c>Keyword Value</c>, with or without quotes around the value.</summary>
    /// <exception cref="UsageException">The keyword is unknown or its value cannot be used.</exception>
    public static void Apply(ForwardArguments arguments, string text)
    {
        var trimmed = text.AsSpan().Trim();
        var end = trimmed.IndexOfAny("= \t");
        var keyword = (end < 0 ? trimmed : trimmed[..end]).ToString();
        var setting = Settings.FirstOrDefault(s => s.Keyword.Equals(keyword, StringComparison.OrdinalIgnoreCase));
        if (setting is null)
        {
            throw new UsageException(keyword.Length == 0
                ? "-o needs a setting, as in -o Port=2222"
                : $"unknown setting -o {PrintableText.OneLine(keyword)}; the nearest is "
                    + NearestName.Of(keyword, Settings.Select(s => s.Keyword)));
        }

        var value = end < 0 ? "" : Unquoted(trimmed[end..].Trim());
        if (value.Length == 0)
            throw new UsageException($"-o {setting.Keyword} needs a value: -o {setting.Keyword}={setting.Value}");
        setting.Apply(arguments, value);
    }

    // The one '=' may have spaces around it.
    private static string Unquoted(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("="))
            text = text[1..].TrimStart();
        return (text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text).ToString();
    }

    // New keys are written to the first file. "none" is no file, and must not make a file of the whole machine the first.
    private static string[] FileList(string value) =>
        value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) switch
        {
            [] => throw new UsageException("UserKnownHostsFile needs a file, or none"),
            [var none] when none.Equals("none", StringComparison.OrdinalIgnoreCase) => ["/dev/null"],
            var files => files,
        };

    private static StrictHostKeyChecking HostKeyMode(string value) => value.ToLowerInvariant() switch
    {
        "ask" => StrictHostKeyChecking.Ask,
        "yes" or "true" => StrictHostKeyChecking.Yes,
        "accept-new" => StrictHostKeyChecking.AcceptNew,
        "no" or "false" or "off" => StrictHostKeyChecking.No,
        _ => throw new UsageException($"StrictHostKeyChecking is ask, yes, accept-new or no, not {PrintableText.Quote(value)}"),
    };

    private static TimeSpan Timeout(string name, string value) =>
        value.Equals("none", StringComparison.OrdinalIgnoreCase) ? TimeSpan.Zero : TimeFormat.Parse(name, value);

    private static int Count(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new UsageException($"{name} needs a number of at least 1, not {PrintableText.Quote(value)}");

    // 227 has room for an IPv4 address only (RFC 959, section 4.2), and 229 has none for any (RFC 2428, section 3).
    private static IPAddress Advertised(string value) =>
        HostName.TryParseAddress(value, out var address) && address.AddressFamily == AddressFamily.InterNetwork
            ? address
            : throw new UsageException($"AdvertiseAddress needs an IPv4 address, not {PrintableText.Quote(value)}");

    private static PassiveAddress PassiveTarget(string value) => value.ToLowerInvariant() switch
    {
        "control-host" => PassiveAddress.ControlHost,
        "reply" => PassiveAddress.Reply,
        _ => throw new UsageException($"PassiveAddress is control-host or reply, not {PrintableText.Quote(value)}"),
    };
}
