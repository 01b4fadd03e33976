using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTunnel.Engine.Socks;

/// <summary>An address as requests and replies carry it (RFC 1928, sections 4 to 6).</summary>
/// <remarks>
/// <code>
/// ATYP  1         1: IPv4, 3: domain name, 4: IPv6
/// ADDR  variable  4 bytes; a length byte and so many bytes; 16 bytes
/// PORT  2         big-endian
/// </code>
/// </remarks>
internal readonly record struct Socks5Address(string Host, int Port)
{
    /// <summary>Of the longest.</summary>
    public const int MaxLength = 1 + 1 + Socks5.MaxText + 2;

    /// <summary>Writes it and returns its length. The name must be ASCII and have 1 to 255 letters.</summary>
    public int Write(Span<byte> destination)
    {
        int length;
        if (IPAddress.TryParse(Host, out var address))
        {
            var isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
            destination[0] = (byte)(isIPv6 ? Socks5AddressType.IPv6 : Socks5AddressType.IPv4);
            address.TryWriteBytes(destination[1..], out length);
        }
        else
        {
            destination[0] = (byte)Socks5AddressType.DomainName;
            var name = Encoding.ASCII.GetBytes(Host, destination[2..]);
            destination[1] = checked((byte)name);
            length = 1 + name;
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination[(1 + length)..], checked((ushort)Port));
        return 1 + length + 2;
    }

    /// <summary>Reads one from the beginning of these bytes.</summary>
    /// <param name="bytes">Those that are there.</param>
    /// <param name="address">The address; a name letter for letter, whatever they are.</param>
    /// <param name="length">How many bytes it has; while more are needed, how many it has at least.</param>
    public static OperationStatus Parse(ReadOnlySpan<byte> bytes, out Socks5Address address, out int length)
    {
        address = default;
        length = 1 + 1 + 2; // With a name of no letters.
        if (bytes.Length > 0 && !IsKnown(bytes[0]))
            return OperationStatus.InvalidData;
        if (bytes.Length < 2)
            return OperationStatus.NeedMoreData;

        var type = (Socks5AddressType)bytes[0];
        var (start, count) = type switch
        {
            Socks5AddressType.IPv4 => (1, 4),
            Socks5AddressType.IPv6 => (1, 16),
            _ => (2, bytes[1]),
        };
        length = start + count + 2;
        if (bytes.Length < length)
            return OperationStatus.NeedMoreData;

        var host = bytes.Slice(start, count);
        var text = type == Socks5AddressType.DomainName ? Encoding.Latin1.GetString(host) : new IPAddress(host).ToString();
        address = new Socks5Address(text, BinaryPrimitives.ReadUInt16BigEndian(bytes[(start + count)..]));
        return OperationStatus.Done;
    }

    public static bool IsKnown(byte type) => (Socks5AddressType)type is
        Socks5AddressType.IPv4 or Socks5AddressType.DomainName or Socks5AddressType.IPv6;
}
