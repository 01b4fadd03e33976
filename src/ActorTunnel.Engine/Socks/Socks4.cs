using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTunnel.Engine.Socks;

/// <summary>
/// SOCKS 4 and 4a, as their authors describe them (SOCKS: A protocol for TCP proxy across firewalls; SOCKS 4A: A simple extension to
/// SOCKS 4 protocol): the request, read, and the reply, written: pure.
/// </summary>
internal static class Socks4
{
    /// <summary>Of user id and name each, without the NUL behind.</summary>
    public const int MaxText = 255;

    /// <summary>The longest request.</summary>
    public const int MaxRequest = Fixed + (2 * (MaxText + 1));

    private const int Fixed = 8;
    private const byte Granted = 90;

    // 92 and 93 are about identd, which nobody is asked.
    private const byte Rejected = 91;

    /// <summary>What is wanted, and how many bytes say so (while more are needed: at least).</summary>
    /// <remarks><code>
    /// VN       1  4
    /// CD       1
    /// DSTPORT  2  big-endian
    /// DSTIP    4  4a: 0.0.0.x, x not 0, says that HOST follows
    /// USERID   variable, then a 0; at most 255 here
    /// HOST     4a only: variable, then a 0; at most 255
    /// </code></remarks>
    public static OperationStatus ParseRequest(ReadOnlySpan<byte> bytes, out SocksRequest request, out int length)
    {
        request = null!;
        length = Fixed + 1;
        if (bytes.Length > 0 && bytes[0] != (byte)SocksVersion.Four)
            return OperationStatus.InvalidData;
        if (bytes.Length < length)
            return OperationStatus.NeedMoreData;

        var address = bytes.Slice(4, 4);
        var hasName = address[0] == 0 && address[1] == 0 && address[2] == 0 && address[3] != 0;
        var status = ParseText(bytes[Fixed..], out var user, out var userLength);
        length = Fixed + userLength;
        if (status != OperationStatus.Done)
        {
            length += hasName && status == OperationStatus.NeedMoreData ? 1 : 0; // The 0 behind the name.
            return status;
        }

        string host;
        if (hasName)
        {
            status = ParseText(bytes[length..], out host, out var nameLength);
            length += nameLength;
            if (status != OperationStatus.Done)
                return status;
        }
        else
        {
            host = new IPAddress(address).ToString();
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        request = new SocksRequest(SocksVersion.Four, (SocksCommand)bytes[1], host, port, user);
        return OperationStatus.Done;
    }

    /// <summary>The answer.</summary>
    /// <remarks><code>
    /// VN       1  0
    /// CD       1  90: granted, 91: rejected or failed
    /// DSTPORT  2  big-endian
    /// DSTIP    4
    /// </code></remarks>
    public static byte[] Reply(bool granted, IPEndPoint bound)
    {
        var message = new byte[Fixed];
        message[1] = granted ? Granted : Rejected;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), checked((ushort)bound.Port));
        if (bound.AddressFamily == AddressFamily.InterNetwork)
            bound.Address.TryWriteBytes(message.AsSpan(4), out _);
        return message;
    }

    private static OperationStatus ParseText(ReadOnlySpan<byte> bytes, out string text, out int length)
    {
        var end = bytes.IndexOf((byte)0);
        text = end < 0 ? "" : Encoding.UTF8.GetString(bytes[..end]);
        length = (end < 0 ? bytes.Length : end) + 1;
        if (length > MaxText + 1)
            return OperationStatus.InvalidData;
        return end < 0 ? OperationStatus.NeedMoreData : OperationStatus.Done;
    }
}
