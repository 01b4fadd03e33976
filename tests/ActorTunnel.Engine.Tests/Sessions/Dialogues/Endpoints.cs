using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>
/// What a line of a dialogue leaves open. '#': an endpoint as its command or reply writes it; '@': what makes a name temporary; '*': any text.
/// </summary>
internal static partial class Endpoints
{
    private const int MarkLength = 8;
    private const string Server = "10,0,0,9";

    /// <summary>The server's endpoint, in a reply to PASV or EPSV.</summary>
    public static string Fill(string[] lines, int port)
    {
        var reply = string.Concat(lines);
        return reply.Replace(
            "#", reply.StartsWith("229", StringComparison.Ordinal) ? $"{port}" : Numbers(Server, port), StringComparison.Ordinal);
    }

    /// <summary>The client's endpoint, in PORT or EPRT.</summary>
    public static string Fill(string command, IPEndPoint listener)
    {
        var isExtended = command.StartsWith("EPRT", StringComparison.OrdinalIgnoreCase);
        return command.Replace(
            "#",
            isExtended ? $"|1|{listener.Address}|{listener.Port}|" : Numbers($"{listener.Address}".Replace('.', ','), listener.Port),
            StringComparison.Ordinal);
    }

    /// <summary>Whether the line is as predicted, and what it has in the place that was left open.</summary>
    public static bool Matches(string predicted, string line, out string found)
    {
        found = "";
        var place = predicted.IndexOfAny(['#', '*', '@']);
        if (place < 0)
            return line == predicted;
        var (before, after) = (predicted[..place], predicted[(place + 1)..]);
        if (line.Length < before.Length + after.Length
            || !line.StartsWith(before, StringComparison.Ordinal) || !line.EndsWith(after, StringComparison.Ordinal))
        {
            return false;
        }

        found = line[before.Length..^after.Length];
        return predicted[place] switch
        {
            '#' => Read(found) is not null,
            '@' => found.Length == MarkLength && found.All(char.IsAsciiHexDigitLower),
            _ => !found.Contains('\n'),
        };
    }

    private static string Numbers(string address, int port) => $"{address},{port >> 8},{port & 255}";

    public static IPEndPoint? Read(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return new IPEndPoint(IPAddress.Loopback, port);
        if (!HostPort().IsMatch(text))
            return null;
        var numbers = text.Split(',');
        return new IPEndPoint(
            IPAddress.Parse(string.Join('.', numbers[..4])),
            (int.Parse(numbers[4], CultureInfo.InvariantCulture) << 8) + int.Parse(numbers[5], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(\d{1,3},){5}\d{1,3}$")]
    private static partial Regex HostPort();
}
