using System.Net;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Daemon;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Cli.Check;

/// <summary>What <c>actortunnel check</c> was told.</summary>
internal sealed class CheckArguments
{
    private const int FtpPort = 21;

    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<Option<CheckArguments>> Options { get; } =
    [
        new('c', "config", "FILE", $"the configuration file ({ProxyArguments.DefaultFile})",
            (arguments, value) => arguments.ConfigurationFile = value),
        new(null, "destination", "HOST[:PORT]", $"what becomes of a connection to there, rule by rule ({FtpPort})",
            (arguments, value) => (arguments.Host, arguments.Port) = ParseDestination(value)),
        new(null, "user", "NAME", "the client has logged in to the SOCKS proxy as this user",
            (arguments, value) => arguments.User = value),
        new(null, "client", "ADDRESS", "the client comes from there (127.0.0.1)",
            (arguments, value) => arguments.Client = ParseAddress(value)),
        new(null, "schema", null, "print the JSON Schema of the configuration file, for editors",
            (arguments, _) => arguments.Schema = true),
        new('v', null, null, "show where an unexpected error comes from",
            (arguments, _) => arguments.Verbosity++),
        new('h', "help", null, "this text",
            (arguments, _) => arguments.Help = true),
        new('V', "version", null, "the version",
            (arguments, _) => arguments.Version = true),
    ];

    public string ConfigurationFile { get; private set; } = ProxyArguments.DefaultFile;

    /// <summary>Null: nobody asks what would happen.</summary>
    public string? Host { get; private set; }

    public int Port { get; private set; }

    public string? User { get; private set; }

    public IPAddress? Client { get; private set; }

    public bool Schema { get; private set; }

    public bool Help { get; private set; }

    public bool Version { get; private set; }

    public int Verbosity { get; private set; }

    /// <exception cref="UsageException">They cannot be used.</exception>
    public static CheckArguments Parse(IReadOnlyList<string> arguments)
    {
        var result = new CheckArguments();
        new OptionTable<CheckArguments>(Options, (_, text) => throw new UsageException(
            $"{PrintableText.Quote(text)} is one argument too many; the configuration file is given with -c")).Apply(arguments, result);
        return result.Host is null && (result.User ?? (object?)result.Client) is not null
            ? throw new UsageException("--user and --client say more of a connection: write --destination HOST[:PORT] too")
            : result;
    }

    /// <summary>The connection that is asked about.</summary>
    public ConnectionRequest Request => new(Host!, Port, Client ?? IPAddress.Loopback) { SocksUser = User };

    // Any host may be asked about; an IPv6 address needs its brackets only in front of a port.
    private static (string Host, int Port) ParseDestination(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
            throw new UsageException($"--destination needs HOST[:PORT], without scheme and path, not {PrintableText.Quote(text)}");
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']') && (text.StartsWith('[') || text.IndexOf(':', StringComparison.Ordinal) == colon);
        var host = hasPort ? text[..colon] : text;
        if (host is ['[', .. var inside, ']'])
            host = inside;
        var port = hasPort ? PortNumber.Parse("--destination", text[(colon + 1)..]) : FtpPort;
        return host.Length > 0 ? (host, port) : throw new UsageException("--destination needs HOST[:PORT]");
    }

    private static IPAddress ParseAddress(string text) => HostName.TryParseAddress(text, out var address)
        ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
        : throw new UsageException($"--client needs an address, not {PrintableText.Quote(text)}");
}
