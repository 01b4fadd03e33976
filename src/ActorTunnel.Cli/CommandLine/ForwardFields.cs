using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>
/// The fields of <c>-L</c> and <c>-R</c>: <c>[ftp/|tcp/][bind-address:]port:host:hostport</c>, IPv6 addresses in brackets.
/// </summary>
/// <param name="Option"><c>-L</c> or <c>-R</c>, for errors.</param>
/// <param name="Text">The whole value, for errors.</param>
/// <param name="Kind">What is carried.</param>
/// <param name="Bind">As it was given; null when it was not.</param>
/// <param name="ListenPort">0..65535; 0 takes a free one.</param>
/// <param name="Host">Without brackets.</param>
/// <param name="HostPort">1..65535.</param>
internal sealed record ForwardFields(
    string Option, string Text, ForwardKind Kind, string? Bind, int ListenPort, string Host, int HostPort)
{
    private const string Form = "[ftp/|tcp/][bind-address:]port:host:hostport";

    /// <exception cref="UsageException">It is not of that form.</exception>
    public static ForwardFields Parse(string option, string text)
    {
        var (kind, rest) = SplitKind(option, text);
        var fields = SplitFields(option, rest, text);
        if (fields.Any(field => field.StartsWith('/')))
            throw new UsageException($"{option} {PrintableText.Quote(text)}: Unix sockets cannot be forwarded, only TCP ports");
        if (fields.Count is not (3 or 4))
            throw Invalid(option, text, fields.Count > 4 ? "an IPv6 address stands in [brackets]" : "fields are missing");

        if (!PortNumber.TryParse(fields[^3], 0, out var listenPort))
            throw Invalid(option, text, $"{PrintableText.Quote(fields[^3])} is no port to listen on");
        if (!HostName.IsUsable(fields[^2]))
            throw Invalid(option, text, "the host to forward to is missing or has spaces in it");
        if (!PortNumber.TryParse(fields[^1], 1, out var hostPort))
            throw Invalid(option, text, $"{PrintableText.Quote(fields[^1])} is no port to forward to");
        return new ForwardFields(option, text, kind, fields.Count == 4 ? fields[0] : null, listenPort, fields[^2], hostPort);
    }

    /// <summary>What to throw when a field cannot be used.</summary>
    public UsageException Invalid(string why) => Invalid(Option, Text, why);

    private static (ForwardKind Kind, string Fields) SplitKind(string option, string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || text.AsSpan(0, slash).ContainsAny(":[]"))
            return (ForwardKind.Tcp, text);
        return text[..slash].ToLowerInvariant() switch
        {
            "ftp" => (ForwardKind.Ftp, text[(slash + 1)..]),
            "tcp" => (ForwardKind.Tcp, text[(slash + 1)..]),
            _ => throw Invalid(option, text, $"{PrintableText.Quote(text[..slash])} cannot be forwarded; ftp/ and tcp/ can"),
        };
    }

    private static List<string> SplitFields(string option, string rest, string text)
    {
        var fields = new List<string>();
        for (var start = 0; start <= rest.Length;)
        {
            if (start < rest.Length && rest[start] == '[')
            {
                var close = rest.IndexOf(']', start);
                if (close < 0 || (close + 1 < rest.Length && rest[close + 1] != ':'))
                    throw Invalid(option, text, "a [ has no ] with a colon behind it");
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

    private static UsageException Invalid(string option, string text, string why) =>
        new($"{option} {PrintableText.Quote(text)}: {why}; write {Form}");
}
