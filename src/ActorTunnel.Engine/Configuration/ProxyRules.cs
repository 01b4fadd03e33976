using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Engine.Configuration;

/// <summary>
/// Proxy rules as people write them: <c>RULE;RULE;...</c> or one on each line, where the first that matches wins. A rule is a way, and
/// behind its slash the destinations that go it: <c>direct:///*.internal,10.0.0.0/8;socks5://user@proxy:1080/*:22;http://proxy:3128</c>.
/// </summary>
/// <remarks>
/// <code>
/// rule         direct://[/destinations]  |  socks5://[user@]host:port[/destinations]  |  http://[user@]host:port[/destinations]
/// destinations destination,destination,...       none: all
/// destination  pattern[:ports]                   an IPv6 address that has ports stands in [brackets]
/// pattern      name with * and ?  |  address  |  address/prefix
/// ports        port  |  low-high  |  *
/// </code>
/// </remarks>
public static class ProxyRules
{
    private const string Forms = "direct:///DESTINATIONS, socks5://[USER@]HOST:PORT/DESTINATIONS or http://[USER@]HOST:PORT/DESTINATIONS";

    /// <summary>Reads the rules.</summary>
    /// <param name="text">The rules; empty lines and lines that begin with # are skipped.</param>
    /// <param name="password">Gives the password of every user name in the rules; see <see cref="ProxyServer.Password"/>.</param>
    /// <exception cref="FormatException">With one line that says what to write.</exception>
    public static IReadOnlyList<ProxyRule> Parse(string text, Func<byte[]>? password = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
        [
            .. text.Split('\n')
                .Where(line => !line.TrimStart().StartsWith('#'))
                .SelectMany(line => line.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Select(rule => ParseRule(rule, password)),
        ];
    }

    /// <summary>The proxy for this destination; null: directly.</summary>
    internal static ProxyServer? Choose(IEnumerable<ProxyRule> rules, string host, int port) =>
        rules.FirstOrDefault(rule => rule.Destinations.Count == 0 || rule.Destinations.Any(one => one.Matches(host, port)))?.Proxy;

    private static ProxyRule ParseRule(string rule, Func<byte[]>? password)
    {
        const string separator = "://";
        if (rule.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)))
            throw new FormatException("a proxy rule has spaces or control characters in it: separate rules with ';'");
        var colon = rule.IndexOf(separator, StringComparison.Ordinal);
        if (colon < 0)
            throw Invalid(rule, $"write {Forms}");
        var rest = rule[(colon + separator.Length)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        var destinations = slash < 0 ? "" : rest[(slash + 1)..];
        ProxyServer? proxy = rule[..colon].ToLowerInvariant() switch
        {
            "direct" when authority.Length == 0 => null,
            "direct" => throw Invalid(rule, "destinations stand behind a third slash, as in direct:///*.internal"),
            "socks5" => ParseServer(rule, authority, ProxyProtocol.Socks5, password),
            "http" => ParseServer(rule, authority, ProxyProtocol.Http, password),
            _ => throw Invalid(rule, $"that kind of proxy is not known; write {Forms}"),
        };
        return new ProxyRule(
            [.. destinations.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => ParseDestination(rule, one))], proxy);
    }

    private static ProxyServer ParseServer(string rule, string authority, ProxyProtocol protocol, Func<byte[]>? password)
    {
        var at = authority.LastIndexOf('@');
        var user = at < 0 ? null : Uri.UnescapeDataString(authority[..at]);
        if (at >= 0 && authority[..at].Contains(':', StringComparison.Ordinal))
            throw new FormatException("a proxy rule has a password in it, where others can see it: put it into a file that only you can read");
        if (user is { Length: 0 } || user?.Any(char.IsControl) == true)
            throw Invalid(rule, "the user name before @ is missing or has control characters");

        var (host, portText) = SplitPort(authority[(at + 1)..]);
        if (host.Length == 0 || !host.All(letter => IsInNames(letter) || letter is ':' or '%'))
            throw Invalid(rule, "the proxy's host is missing or is no host name");
        if (!TryParsePort(portText, out var port))
            throw Invalid(rule, "the proxy's port is missing or not from 1 to 65535");
        return new ProxyServer
        {
            Protocol = protocol,
            Host = host,
            Port = port,
            User = user,
            Password = user is null ? null : password,
        };
    }

    private static ProxyDestination ParseDestination(string rule, string text)
    {
        var (pattern, portText) = SplitPort(text);
        PortRange? ports = null;
        if (portText is not null and not "*")
        {
            var bounds = portText.Split('-');
            if (bounds.Length > 2 || !TryParsePort(bounds[0], out var low) || !TryParsePort(bounds[^1], out var high) || low > high)
                throw Invalid(rule, $"'{portText}' is no port, no range of ports as in 20-25, and not *");
            ports = new PortRange(low, high);
        }

        if (pattern == "*")
            return new ProxyDestination { Ports = ports };
        if (pattern.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.TryParse(pattern, out var network)
                ? new ProxyDestination { Network = network, Ports = ports }
                : throw Invalid(rule, $"'{pattern}' is no network: write it as in 10.0.0.0/8, with zeros behind the prefix");
        }

        // .NET also takes "10.1" for an IPv4 address, which is a name to everybody else.
        if (IPAddress.TryParse(pattern, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == pattern))
        {
            return new ProxyDestination { Network = new IPNetwork(address, address.GetAddressBytes().Length * 8), Ports = ports };
        }

        return pattern.Length > 0 && pattern.All(letter => IsInNames(letter) || letter is '*' or '?')
            ? new ProxyDestination { Host = pattern, Ports = ports }
            : throw Invalid(rule, $"'{text}' is no destination: write a name (* and ? stand for letters) or an address, and :PORT behind it");
    }

    /// <summary>Two colons without brackets are an IPv6 address without a port.</summary>
    private static (string Host, string? Port) SplitPort(string text)
    {
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close > 0 && close == text.Length - 1)
                return (text[1..close], null);
            if (close > 0 && text[close + 1] == ':')
                return (text[1..close], text[(close + 2)..]);
            return (text, null); // Not a name: refused by whoever asked.
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || colon != text.LastIndexOf(':') ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static bool TryParsePort(string? text, out int port)
    {
        port = 0;
        return text is { Length: > 0 and <= 5 } && text.All(char.IsAsciiDigit)
            && (port = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)) is >= 1 and <= 65535;
    }

    private static bool IsInNames(char letter) => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_';

    private static FormatException Invalid(string rule, string why) => new($"proxy rule '{rule}': {why}");
}
