using System.Buffers;
using ActorTunnel.Cli.Output;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>
/// The SSH server, written <c>[user@]host</c> or <c>ssh://[user@]host[:port]</c> (draft-ietf-secsh-scp-sftp-ssh-uri, as in ssh(1)).
/// </summary>
internal sealed record Destination(string? User, string Host, int? Port)
{
    private const string Scheme = "ssh://";

    /// <summary>Never in a name or an address, and with a meaning of its own in known_hosts or a URI.</summary>
    private static readonly SearchValues<char> _notInHosts = SearchValues.Create("[]/\\*?!|#@,\"'");

    /// <summary>Reads what a command line ends with. The name alone has no port: that is <c>-p</c>.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static Destination Parse(string text) => Parse(text, mayHavePort: false);

    /// <summary>Reads one host of <c>-J</c>: there <c>[user@]host[:port]</c> is meant too.</summary>
    /// <exception cref="UsageException">It is no host.</exception>
    public static Destination ParseJump(string text) => Parse(text, mayHavePort: true);

    /// <summary>Whether it can be the name or address of a host, in known_hosts and elsewhere.</summary>
    public static bool IsHost(string text) => HostName.IsUsable(text) && !text.AsSpan().ContainsAny(_notInHosts);

    private static Destination Parse(string text, bool mayHavePort)
    {
        var isUri = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        var rest = isUri ? text[Scheme.Length..].TrimEnd('/') : text;

        // The last '@': user names of some servers are mail addresses.
        var at = rest.LastIndexOf('@');
        var user = at < 0 ? null : isUri ? Uri.UnescapeDataString(rest[..at]) : rest[..at];
        var host = rest[(at + 1)..];
        int? port = null;
        if (isUri || mayHavePort)
            (host, port) = SplitPort(host, text);
        else if (IsNameWithPort(host))
            throw Invalid(text, "the port is given with -p");
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];

        if (user is not null && (user.Length == 0 || user.Any(char.IsControl)))
            throw Invalid(text, "the user name before @ is missing or has control characters");
        if (!IsHost(host))
            throw Invalid(text, "that is no host name");
        return new Destination(user, host, port);
    }

    private static (string Host, int? Port) SplitPort(string host, string text)
    {
        var colon = host.LastIndexOf(':');
        if (colon < 0 || colon < host.LastIndexOf(']'))
            return (host, null);
        if (host.IndexOf(':', StringComparison.Ordinal) < colon && !host.StartsWith('['))
            throw Invalid(text, "an IPv6 address stands in [brackets]");
        return PortNumber.TryParse(host[(colon + 1)..], 1, out var port)
            ? (host[..colon], port)
            : throw Invalid(text, "the port is not from 1 to 65535");
    }

    // One colon is a port, as in scp or curl; an IPv6 address has at least two.
    private static bool IsNameWithPort(string host) => host.StartsWith('[') ? !host.EndsWith(']') : host.Count(c => c == ':') == 1;

    private static UsageException Invalid(string text, string why) =>
        new($"{PrintableText.Quote(text)}: {why}; write [user@]host or ssh://[user@]host[:port]");
}
