using System.Buffers;
using System.Net;
using System.Text;

namespace ActorTunnel.Engine.Socks;

/// <summary>
/// The client's messages, read, and the server's answers, written: pure. Each parser tells how many bytes the message has (while more are
/// needed: at least), so that no byte behind it is read.
/// </summary>
internal static class Socks5Server
{
    /// <summary>The longest greeting.</summary>
    public const int MaxGreeting = 2 + 255;

    /// <summary>The longest login.</summary>
    public const int MaxLogin = 3 + (2 * Socks5.MaxText);

    /// <summary>The longest request.</summary>
    public const int MaxRequest = 3 + Socks5Address.MaxLength;

    /// <summary>Which methods the client offers (RFC 1928, section 3).</summary>
    /// <remarks><code>
    /// VER       1  5
    /// NMETHODS  1
    /// METHODS   1 to 255; none are offered to no avail
    /// </code></remarks>
    public static OperationStatus ParseGreeting(ReadOnlySpan<byte> bytes, out Socks5Method[] methods, out int length)
    {
        methods = [];
        length = 2;
        if (bytes.Length > 0 && bytes[0] != Socks5.Version)
            return OperationStatus.InvalidData;
        if (bytes.Length < length)
            return OperationStatus.NeedMoreData;
        length += bytes[1];
        if (bytes.Length < length)
            return OperationStatus.NeedMoreData;
        methods = Array.ConvertAll(bytes[2..length].ToArray(), method => (Socks5Method)method);
        return OperationStatus.Done;
    }

    /// <summary>The choice among them (RFC 1928, section 3): VER 1, METHOD 1.</summary>
    public static byte[] Choice(Socks5Method method) => [Socks5.Version, (byte)method];

    /// <summary>The login (RFC 1929, section 2). The password stays where it is; the caller zeroes the bytes.</summary>
    /// <remarks><code>
    /// VER     1  1
    /// ULEN    1
    /// UNAME   1 to 255
    /// PLEN    1
    /// PASSWD  1 to 255; clients send an empty one as it is
    /// </code></remarks>
    public static OperationStatus ParseLogin(ReadOnlySpan<byte> bytes, out (string User, Range Password) login, out int length)
    {
        login = default;
        length = 3;
        if (bytes.Length > 0 && bytes[0] != Socks5.LoginVersion)
            return OperationStatus.InvalidData;
        if (bytes.Length < 2)
            return OperationStatus.NeedMoreData;
        var passwordLength = 2 + bytes[1];
        length = passwordLength + 1;
        if (bytes.Length < length)
            return OperationStatus.NeedMoreData;
        length += bytes[passwordLength];
        if (bytes.Length < length)
            return OperationStatus.NeedMoreData;
        login = (Encoding.UTF8.GetString(bytes[2..passwordLength]), (passwordLength + 1)..length);
        return OperationStatus.Done;
    }

    /// <summary>What has become of it (RFC 1929, section 2): VER 1, STATUS 1, where 0 is success.</summary>
    public static byte[] LoginStatus(bool accepted) => [Socks5.LoginVersion, accepted ? (byte)0 : (byte)1];

    /// <summary>What is wanted (RFC 1928, section 4).</summary>
    /// <remarks><code>
    /// VER  1  5
    /// CMD  1
    /// RSV  1  0; ignored, as some clients do not set it
    /// ATYP, DST.ADDR, DST.PORT: Socks5Address. Behind an ATYP that is not known nobody can tell how much is to come.
    /// </code></remarks>
    public static OperationStatus ParseRequest(ReadOnlySpan<byte> bytes, out SocksRequest request, out int length)
    {
        request = null!;
        length = 4;
        if (bytes.Length > 0 && bytes[0] != Socks5.Version)
            return OperationStatus.InvalidData;
        if (bytes.Length < length)
            return OperationStatus.NeedMoreData;
        var command = (SocksCommand)bytes[1];
        if (!Socks5Address.IsKnown(bytes[3]))
        {
            request = new SocksRequest(SocksVersion.Five, command, Host: null, Port: 0);
            return OperationStatus.Done;
        }

        var status = Socks5Address.Parse(bytes[3..], out var address, out length);
        length += 3;
        if (status == OperationStatus.Done)
            request = new SocksRequest(SocksVersion.Five, command, address.Host, address.Port);
        return status;
    }

    /// <summary>The answer (RFC 1928, section 6).</summary>
    /// <remarks><code>
    /// VER  1  5
    /// REP  1
    /// RSV  1  0
    /// ATYP, BND.ADDR, BND.PORT: Socks5Address
    /// </code></remarks>
    public static byte[] Reply(Socks5ReplyCode code, IPEndPoint bound)
    {
        Span<byte> message = stackalloc byte[MaxRequest];
        message[0] = Socks5.Version;
        message[1] = (byte)code;
        message[2] = 0;
        var length = new Socks5Address(bound.Address.ToString(), bound.Port).Write(message[3..]);
        return message[..(3 + length)].ToArray();
    }
}
