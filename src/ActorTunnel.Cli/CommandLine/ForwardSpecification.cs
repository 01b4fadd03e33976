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
    private static readonly IPAddress[] _loopback = [IPAddress.Loopback, IPAddress.IPv6Loopback];
    private static readonly IPAddress[] _allInterfaces = [IPAddress.Any, IPAddress.IPv6Any];

    /// <exception cref="UsageException">It is not of that form.</exception>
    public static ForwardSpecification Parse(string text)
    {
        var fields = ForwardFields.Parse("-L", text);
        var addresses = fields.Bind is { } bind ? ParseBindAddress(bind, fields) : null;
        return new ForwardSpecification(fields.Kind, addresses, fields.ListenPort, fields.Host, fields.HostPort);
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

    private static IPAddress[] ParseBindAddress(string bind, ForwardFields fields) => bind switch
    {
        "" or "*" => _allInterfaces,
        _ when bind.Equals("localhost", StringComparison.OrdinalIgnoreCase) => _loopback,
        _ when HostName.TryParseAddress(bind, out var address) => [address],
        _ => throw fields.Invalid($"{PrintableText.Quote(bind)} is no address to listen on; give an IP address, localhost or *"),
    };
}
