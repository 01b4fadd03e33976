using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// RFC 2428, section 2: an address of any family as text.
/// <code>
/// d family d address d port d      d       any character of 33..126 but a digit; "|" is recommended
///                                  family  1 is IPv4, 2 is IPv6
/// </code>
/// </summary>
internal static class ExtendedAddress
{
    private const int MaxPortDigits = 5;

    // No zone (RFC 4007): it names an interface of the client's machine. Nor brackets or prefix lengths, which IPAddress would take.
    private static readonly SearchValues<char> _addressCharacters = SearchValues.Create("0123456789abcdefABCDEF.:");

    /// <summary>
    /// A mapped IPv4 address comes out as IPv4. False for what is not in that form, or not of family 1 or 2;
    /// <paramref name="family"/> is 0 if there is none.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out int family, [NotNullWhen(true)] out IPEndPoint? endpoint)
    {
        family = 0;
        endpoint = null;
        if (text.IsEmpty || !IsDelimiter(text[0]))
            return false;

        // Latin-1 maps each byte to one character, so nothing gets lost before it is judged.
        var fields = Encoding.Latin1.GetString(text[1..]).Split((char)text[0]);
        if (fields is not [var number, var host, var port, ""]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out family)
            || !TryParseAddress(family, host, out var address)
            || !TryParsePort(Encoding.Latin1.GetBytes(port), out var portNumber))
        {
            return false;
        }

        endpoint = new IPEndPoint(address, portNumber);
        return true;
    }

    public static string Format(IPEndPoint endpoint)
    {
        var family = endpoint.AddressFamily == AddressFamily.InterNetwork ? 1 : 2;
        var address = new IPAddress(endpoint.Address.GetAddressBytes());
        return string.Create(CultureInfo.InvariantCulture, $"|{family}|{address}|{endpoint.Port}|");
    }

    public static bool IsDelimiter(byte value) => value is >= 33 and <= 126 and not (>= (byte)'0' and <= (byte)'9');

    /// <summary>1..65535.</summary>
    public static bool TryParsePort(ReadOnlySpan<byte> digits, out int port)
    {
        port = 0;
        return digits.Length <= MaxPortDigits
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is >= 1 and <= IPEndPoint.MaxPort;
    }

    private static bool TryParseAddress(int family, string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.AsSpan().ContainsAnyExcept(_addressCharacters) || !IPAddress.TryParse(text, out var parsed))
            return false;
        // IPAddress also takes shortened and octal IPv4 addresses, which the server would read in its own way.
        var fits = family switch
        {
            1 => parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() == text,
            2 => parsed.AddressFamily == AddressFamily.InterNetworkV6,
            _ => false,
        };
        if (fits)
            address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        return fits;
    }
}
