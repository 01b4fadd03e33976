using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Engine.Rules;

/// <summary>
/// Addresses in all the forms that some resolver takes for one, so that a rule sees what would be connected to: IPv4 as inet_aton(3) reads
/// it (one to four parts, each decimal, 0octal or 0xhex; the last fills the rest), IPv6 with brackets or a zone, IPv4 mapped into IPv6.
/// </summary>
internal static class AddressLiteral
{
    private static readonly SearchValues<char> _inIpv6 = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Null: it is no address. An IPv4 address is never mapped to IPv6. The zone is kept for link-local addresses only.</summary>
    public static (IPAddress Address, string? Zone)? Parse(string text)
    {
        if (!text.Contains(':', StringComparison.Ordinal))
            return ParseIpv4(text) is { } ipv4 ? (ipv4, null) : null;
        if (text is ['[', .. var inside, ']'])
            text = inside;
        var percent = text.IndexOf('%', StringComparison.Ordinal);
        var zone = percent < 0 ? null : text[(percent + 1)..];
        var digits = percent < 0 ? text : text[..percent];
        if (digits.AsSpan().ContainsAnyExcept(_inIpv6) || (zone is not null && !IsZone(zone)))
            return null;
        if (!IPAddress.TryParse(digits, out var address))
            return null;
        if (address.IsIPv4MappedToIPv6)
            return (address.MapToIPv4(), null);
        return (address, address.IsIPv6LinkLocal || IsLinkLocalMulticast(address) ? zone : null);
    }

    private static IPAddress? ParseIpv4(string text)
    {
        var parts = text.Split('.');
        if (parts.Length > 4)
            return null;
        var value = 0u;
        for (var i = 0; i < parts.Length; i++)
        {
            // The last part fills all the bytes that are left.
            var bits = i == parts.Length - 1 ? 32 - (8 * i) : 8;
            if (ParseNumber(parts[i]) is not { } number || number >> bits != 0)
                return null;
            value |= (uint)number << (i == parts.Length - 1 ? 0 : 24 - (8 * i));
        }

        return new IPAddress([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
    }

    // "0x" alone is zero to some resolvers; it is no number here, and so no host at all (CanonicalHost).
    private static ulong? ParseNumber(string part)
    {
        var radix = part is ['0', 'x' or 'X', ..] ? 16u : part is ['0', _, ..] ? 8u : 10u;
        var digits = radix == 16 ? part[2..] : part;
        if (digits.Length == 0)
            return null;

        var number = 0ul;
        foreach (var letter in digits)
        {
            if (!char.IsAsciiHexDigit(letter))
                return null;
            var digit = uint.Parse([letter], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            number = (number * radix) + digit;
            if (digit >= radix || number > uint.MaxValue)
                return null;
        }

        return number;
    }

    private static bool IsZone(string text) =>
        text.Length is > 0 and <= 32 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private static bool IsLinkLocalMulticast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
        && address.GetAddressBytes() is [0xff, var flagsAndScope, ..] && (flagsAndScope & 0xf) is 1 or 2;
}
