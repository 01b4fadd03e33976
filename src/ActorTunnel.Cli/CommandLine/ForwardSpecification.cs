using System.Net;
using System.Net.Sockets;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>The value of <c>-L</c>: <c>[ftp/|tcp/][bind-address:]port:host:hostport</c>, IPv6 addresses in brackets.</summary>
/// <param name="Kind">What is carried.</param>
/// <param name="ListenAddresses">Null when no bind address is given: then <c>-g</c> decides.</param>
/// <param name="ListenPort">0..65535; 0 takes a free one.</param>
/// <param name="Host">Without brackets.</param>
/// <param name="HostPort">1..65535.</param>
internal sealed record ForwardSpecification(
    ForwardKind Kind, IReadOnlyList<IPAddress>? ListenAddresses, int ListenPort, string Host, int HostPort)
{
    private const string Form = "[ftp/|tcp/][bind-address:]port:host:hostport";

    private static readonly IPAddress[] _loopback = [IPAddress.Loopback, IPAddress.IPv6Loopback];
    private static readonly IPAddress[] _allInterfaces = [IPAddress.Any, IPAddress.IPv6Any];

    /// <exception cref="UsageException">It is not of that form.</exception>
    public static ForwardSpecification Parse(string text)
    {
        var (kind, rest) = SplitKind(text);
        var fields = SplitFields(rest, text);
        if (fields.Any(field => field.StartsWith('/')))
            throw new UsageException($"-L {PrintableText.Quote(text)}: Unix sockets cannot be forwarded, only TCP ports");
        if (fields.Count is not (3 or 4))
            throw Invalid(text, fields.Count > 4 ? "an IPv6 address stands in [brackets]" : "fields are missing");

        var addresses = fields.Count == 4 ? ParseBindAddress(fields[0], text) : null;
        if (!PortNumber.TryParse(fields[^3], 0, out var listenPort))
            throw Invalid(text, $"{PrintableText.Quote(fields[^3])} is no port to listen on");
        if (!HostName.IsUsable(fields[^2]))
            throw Invalid(text, "the host to forward to is missing or has spaces in it");
        if (!PortNumber.TryParse(fields[^1], 1, out var hostPort))
            throw Invalid(text, $"{PrintableText.Quote(fields[^1])} is no port to forward to");
        return new ForwardSpecification(kind, addresses, listenPort, fields[^2], hostPort);
    }

    /// <summary>What the engine is asked to do.</summary>
    /// <param name="allInterfaces"><c>-g</c>.</param>
    /// <param name="family"><c>-4</c> or <c>-6</c>, which choose between two addresses but do not overrule one that was given.</param>
    /// <param name="ftp">For FTP forwards.</param>
    public ForwardOptions ToOptions(bool allInterfaces, AddressFamily family, FtpOptions ftp)
    {
        var addresses = ListenAddresses ?? (allInterfaces ? _allInterfaces : _loopback);
        return new ForwardOptions
        {
            Kind = Kind,
            ListenAddresses = addresses.Count == 1 || family == AddressFamily.Unspecified
                ? addresses
                : [.. addresses.Where(address => address.AddressFamily == family)],
            ListenPort = ListenPort,
            Host = Host,
            HostPort = HostPort,
            Ftp = ftp,
        };
    }

    private static (ForwardKind Kind, string Fields) SplitKind(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || text.AsSpan(0, slash).ContainsAny(":[]"))
            return (ForwardKind.Tcp, text);
        return text[..slash].ToLowerInvariant() switch
        {
            "ftp" => (ForwardKind.Ftp, text[(slash + 1)..]),
            "tcp" => (ForwardKind.Tcp, text[(slash + 1)..]),
            _ => throw Invalid(text, $"{PrintableText.Quote(text[..slash])} cannot be forwarded; ftp/ and tcp/ can"),
        };
    }

    private static List<string> SplitFields(string rest, string text)
    {
        var fields = new List<string>();
        for (var start = 0; start <= rest.Length;)
        {
            if (start < rest.Length && rest[start] == '[')
            {
                var close = rest.IndexOf(']', start);
                if (close < 0 || (close + 1 < rest.Length && rest[close + 1] != ':'))
                    throw Invalid(text, "a [ has no ] with a colon behind it");
                fields.Add(rest[(start + 1)..close]);
                start = close + 2;
            }
            else
            {
                var colon = rest.IndexOf(':', start);
                var end = colon < 0 ? rest.Length : colon;
                fields.Add(rest[start..end]);
                start = end + 1;
            }
        }

        return fields;
    }

    private static IPAddress[] ParseBindAddress(string bind, string text) => bind switch
    {
        "" or "*" => _allInterfaces,
        _ when bind.Equals("localhost", StringComparison.OrdinalIgnoreCase) => _loopback,
        _ when HostName.TryParseAddress(bind, out var address) => [address],
        _ => throw Invalid(text, $"{PrintableText.Quote(bind)} is no address to listen on; give an IP address, localhost or *"),
    };

    private static UsageException Invalid(string text, string why) => new($"-L {PrintableText.Quote(text)}: {why}; write {Form}");
}
