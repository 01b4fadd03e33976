using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>The forms of values in a configuration file. Each throws a <see cref="FormatException"/> that says what to write.</summary>
internal static class ValueForms
{
    /// <summary>21 or 20-25.</summary>
    public static PortRange Ports(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return PortNumber(dash < 0 ? text : text[..dash], 1) is { } low && PortNumber(dash < 0 ? text : text[(dash + 1)..], low) is { } high
            ? new PortRange(low, high)
            : throw new FormatException("write a port from 1 to 65535, or two as in 20-25, the lower first");
    }

    // 227 has room for an IPv4 address only (RFC 959, section 4.2), and 229 has none for any (RFC 2428, section 3).
    public static IPAddress Ipv4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text
            ? address
            : throw new FormatException("write an IPv4 address");

    /// <summary>Bytes a second.</summary>
    public static long Rate(string text) => ByteCountFormat.Parse(text) is { } rate and >= FtpRestrictions.LeastTransferRate
        ? rate
        : throw new FormatException("write a number of bytes a second, at least 1K, as in 512K or 10M");

    /// <summary>A network, or one address as a network of its own.</summary>
    public static IPNetwork Network(string text)
    {
        if (text.Contains('-', StringComparison.Ordinal))
            throw new FormatException("write a network as in 10.0.0.0/8, or an address");
        _ = AddressRange.Parse(text);
        return text.Contains('/', StringComparison.Ordinal)
            ? IPNetwork.Parse(text)
            : new IPNetwork(IPAddress.Parse(text), IPAddress.Parse(text).GetAddressBytes().Length * 8);
    }

    /// <summary>A host that somebody connects to: a name as it is written, an address in canonical form.</summary>
    public static string Host(string text) => CanonicalHost.Parse(text) switch
    {
        null => throw new FormatException("write a host name or an address"),
        { Address: null } => text,
        var host => host.Text,
    };

    /// <summary>HOST:PORT.</summary>
    public static (string Host, int Port) HostAndPort(string text)
    {
        if (Split(text) is ({ Length: > 0 } host, { } port) && PortNumber(port, 1) is { } number && CanonicalHost.Parse(host) is not null)
            return (Host(host), number);
        throw new FormatException("write HOST:PORT, an IPv6 address in [brackets]");
    }

    /// <summary>[ADDRESS:]PORT to listen on; port 0 takes a free one. The address is null, * or as it is written.</summary>
    public static (string? Address, int Port) Listen(string text) => Split(text) is var (address, port) && PortNumber(port, 0) is { } number
        ? (address, number)
        : throw new FormatException("write ADDRESS:PORT, an IPv6 address in [brackets]");

    /// <summary>Addresses of this machine to listen on.</summary>
    public static IReadOnlyList<IPAddress> ListenAddresses(string? text)
    {
        if (text is "*")
            return [IPAddress.Any, IPAddress.IPv6Any];
        if (text is null || text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        return CanonicalHost.Parse(text) is { Address: { } address }
            ? [address]
            : throw new FormatException("listen on an address, localhost or *");
    }

    // Two colons without brackets would be an IPv6 address whose end nobody can tell.
    private static (string? Host, string Port)? Split(string text)
    {
        if (text.StartsWith('['))
        {
            var close = text.IndexOf("]:", StringComparison.Ordinal);
            return close < 0 ? null : (text[1..close], text[(close + 2)..]);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon != text.LastIndexOf(':'))
            return null;
        return colon < 0 ? (null, text) : (text[..colon], text[(colon + 1)..]);
    }

    private static int? PortNumber(string text, int lowest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port >= lowest && port <= 65535 ? port : null;
}
