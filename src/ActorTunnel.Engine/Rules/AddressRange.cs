using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Engine.Rules;

/// <summary>Addresses as rules name them: one, a network (<c>10.0.0.0/8</c>), or from one to another (<c>10.0.0.1-10.0.0.9</c>).</summary>
public readonly record struct AddressRange
{
    private readonly AddressFamily _family;
    private readonly UInt128 _low;
    private readonly UInt128 _high;

    private AddressRange(AddressFamily family, UInt128 low, UInt128 high) => (_family, _low, _high) = (family, low, high);

    /// <exception cref="FormatException">With one line that says what to write.</exception>
    public static AddressRange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('/', StringComparison.Ordinal))
            return ParseNetwork(text);
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var low = ParseAddress(dash < 0 ? text : text[..dash]);
        var high = dash < 0 ? low : ParseAddress(text[(dash + 1)..]);
        if (low.AddressFamily != high.AddressFamily || Value(low) > Value(high))
            throw new FormatException("the lower address comes first, and both are IPv4 or both IPv6");
        return new AddressRange(low.AddressFamily, Value(low), Value(high));
    }

    /// <summary>Whether the address is one of them. One that is mapped into IPv6 counts as IPv4, and a zone does not count.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = CanonicalHost.Plain(address);
        return plain.AddressFamily == _family && Value(plain) >= _low && Value(plain) <= _high;
    }

    /// <summary>Whether all of them are among the others.</summary>
    public bool IsWithin(AddressRange other) => _family == other._family && _low >= other._low && _high <= other._high;

    /// <summary>One address alone.</summary>
    public static AddressRange Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = CanonicalHost.Plain(address);
        return new AddressRange(plain.AddressFamily, Value(plain), Value(plain));
    }

    /// <summary>From the lowest to the highest.</summary>
    public override string ToString() => _low == _high ? $"{Address(_low)}" : $"{Address(_low)}-{Address(_high)}";

    private static AddressRange ParseNetwork(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var low = ParseAddress(text[..slash]);
        var width = low.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > width)
            throw new FormatException($"write a prefix from 0 to {width} behind the slash, as in 10.0.0.0/8");
        var rest = prefix == 0 && width == 128 ? UInt128.MaxValue : (UInt128.One << (width - prefix)) - 1;
        var network = new AddressRange(low.AddressFamily, Value(low) & ~rest, Value(low) | rest);
        return network._low == Value(low)
            ? network
            : throw new FormatException($"behind the prefix there are zeros: write {network.Address(network._low)}/{prefix}");
    }

    // Who writes 010.0.0.1 or 10.1 into a rule may mean either of two things, and what is asked for is never IPv4 in IPv6.
    private static IPAddress ParseAddress(string text) => IPAddress.TryParse(text, out var address) switch
    {
        false => throw new FormatException("it is no address: write one, a network as in 10.0.0.0/8, or two with - between"),
        true when address!.IsIPv4MappedToIPv6 =>
            throw new FormatException($"write it as the IPv4 address that it is: {address.MapToIPv4()}"),
        true when address!.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text =>
            throw new FormatException($"write all four numbers, decimal and without zeros in front ({address})"),
        true when address!.AddressFamily == AddressFamily.InterNetworkV6 && text.AsSpan().ContainsAny("[]%") =>
            throw new FormatException("write an IPv6 address without brackets and without a zone"),
        _ => address!,
    };

    private static UInt128 Value(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private IPAddress Address(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return new IPAddress(_family == AddressFamily.InterNetworkV6 ? bytes : bytes[12..]);
    }
}
