using System.Globalization;
using System.Net;
using System.Text;

namespace ActorTunnel.Engine.Rules;

/// <summary>
/// A destination in the one form that rules compare and that is passed on: a name in lower case, in its ASCII form (IDN) and without the
/// dot at its end, or an address as .NET writes it.
/// </summary>
/// <param name="Text">What is passed on.</param>
/// <param name="Address">Null: it is a name.</param>
public sealed record CanonicalHost(string Text, IPAddress? Address)
{
    /// <summary>The longest DNS name in text (RFC 1035, section 2.3.4).</summary>
    private const int MaxLength = 255;

    private static readonly IdnMapping _idn = new();

    /// <summary>
    /// Null: it is no host. That goes for names which end in a number and are no address (<c>256.1.1.1</c>) too: no such name exists,
    /// and resolvers do not agree on what to make of them.
    /// </summary>
    public static CanonicalHost? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > MaxLength)
            return null;
        if (text.Contains(':', StringComparison.Ordinal))
            return AddressLiteral.Parse(text) is var (address, zone) ? Of(address, zone) : null;
        if (NameOf(text) is not { } name)
            return null;
        if (AddressLiteral.Parse(name) is { } literal)
            return Of(literal.Address, literal.Zone);
        return EndsInNumber(name) ? null : new CanonicalHost(name, null);
    }

    /// <summary>The address of the same host, without a zone.</summary>
    public static CanonicalHost Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Of(Plain(address), null);
    }

    /// <summary>A name, or a part of one, in lower case and ASCII, without a dot at its end; null: it cannot be one.</summary>
    internal static string? NameOf(string text)
    {
        try
        {
            var ascii = Ascii.IsValid(text) ? text : _idn.GetAscii(text);
            var name = (ascii.EndsWith('.') ? ascii[..^1] : ascii).ToLowerInvariant();
            return name.Length > 0 && name.All(IsInNames) && !name.Split('.').Any(label => label.Length is 0 or > 63) ? name : null;
        }
        catch (ArgumentException)
        {
            return null; // GetAscii says that it cannot be a name.
        }
    }

    /// <summary>IPv4 never mapped into IPv6, IPv6 without its zone.</summary>
    internal static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    private static CanonicalHost Of(IPAddress address, string? zone) => new(zone is null ? $"{address}" : $"{address}%{zone}", address);

    private static bool IsInNames(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_';

    private static bool EndsInNumber(string name)
    {
        var label = name[(name.LastIndexOf('.') + 1)..];
        return label.All(char.IsAsciiDigit) || (label is ['0', 'x', .. var hex] && hex.All(char.IsAsciiHexDigit));
    }
}
