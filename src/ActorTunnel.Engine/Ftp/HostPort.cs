using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// RFC 959, section 4.1.2 (PORT) and figure 3 (227): an IPv4 address and a port as six decimal numbers.
/// <code>h1,h2,h3,h4,p1,p2      port = p1 * 256 + p2</code>
/// Servers and clients add spaces and leading zeros.
/// </summary>
internal static class HostPort
{
    private const int Count = 6;
    private const int TooBig = byte.MaxValue + 1;

    /// <summary>
    /// Finds the first six comma-separated numbers anywhere in <paramref name="text"/>. False when there are none, or one is above
    /// 255, or the port is 0.
    /// </summary>
    public static bool TryFind(ReadOnlySpan<byte> text, out Range where, [NotNullWhen(true)] out IPEndPoint? endpoint)
    {
        where = default;
        endpoint = null;
        Span<int> numbers = stackalloc int[Count];
        for (var start = SkipToDigit(text, 0); start < text.Length; start = SkipToDigit(text, SkipDigits(text, start)))
        {
            if (!TryReadNumbers(text, start, numbers, out var end))
                continue;
            var port = (numbers[4] << 8) | numbers[5];
            if (port == 0 || numbers.ContainsAnyExceptInRange(0, byte.MaxValue))
                return false;
            where = start..end;
            endpoint = new IPEndPoint(new IPAddress([(byte)numbers[0], (byte)numbers[1], (byte)numbers[2], (byte)numbers[3]]), port);
            return true;
        }

        return false;
    }

    /// <summary>The six numbers of an IPv4 endpoint.</summary>
    public static string Format(IPEndPoint endpoint) =>
        string.Create(CultureInfo.InvariantCulture, $"{endpoint.Address},{endpoint.Port >> 8},{endpoint.Port & 255}").Replace('.', ',');

    private static bool TryReadNumbers(ReadOnlySpan<byte> text, int start, Span<int> numbers, out int end)
    {
        end = start;
        for (var i = 0; i < Count; i++)
        {
            if (i > 0)
            {
                var comma = SkipSpaces(text, end);
                if (comma == text.Length || text[comma] != ',')
                    return false;
                end = SkipSpaces(text, comma + 1);
            }

            var digits = text[end..SkipDigits(text, end)];
            if (digits.IsEmpty)
                return false;
            end += digits.Length;
            numbers[i] = Value(digits);
        }

        return true;
    }

    private static int Value(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
            value = Math.Min((value * 10) + digit - '0', TooBig);
        return value;
    }

    private static int SkipToDigit(ReadOnlySpan<byte> text, int from) =>
        Skip(text, from, text[from..].IndexOfAnyInRange((byte)'0', (byte)'9'));

    private static int SkipDigits(ReadOnlySpan<byte> text, int from) =>
        Skip(text, from, text[from..].IndexOfAnyExceptInRange((byte)'0', (byte)'9'));

    private static int SkipSpaces(ReadOnlySpan<byte> text, int from) =>
        Skip(text, from, text[from..].IndexOfAnyExcept((byte)' '));

    private static int Skip(ReadOnlySpan<byte> text, int from, int found) => found < 0 ? text.Length : from + found;
}
