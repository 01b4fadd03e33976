using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>Hosts and addresses as they stand on the command line.</summary>
internal static class HostName
{
    /// <summary>The longest DNS name in text (RFC 1035, section 2.3.4).</summary>
    private const int MaxLength = 255;

    /// <summary>Whether the text can be sent to a resolver at all.</summary>
    public static bool IsUsable(string host) =>
        host.Length is > 0 and <= MaxLength && !host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    /// <summary>
    /// Reads an address. .NET also takes "8080" and "0x7f.1" for IPv4 addresses, which nobody means: four numbers are asked for.
    /// </summary>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !text.StartsWith('[') : address.ToString() == text);

    /// <summary>As known_hosts names it: an address in its usual form, a name in small letters.</summary>
    public static string Canonical(string host) =>
        IPAddress.TryParse(host, out var address) && !host.Contains('%', StringComparison.Ordinal)
            ? address.ToString()
            : host.ToLowerInvariant();

    /// <summary>The host as it is written before a colon and a port: an IPv6 address gets its brackets.</summary>
    public static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
}
