using System.Buffers;
using System.Text;

namespace ActorTunnel.Engine.Socks;

/// <summary>The client's messages, written, and the server's answers, read: pure.</summary>
internal static class Socks5Client
{
    /// <summary>The longest answer: a reply that names a host.</summary>
    public const int MaxAnswer = 3 + Socks5Address.MaxLength;

    /// <summary>The first words (RFC 1928, section 3).</summary>
    /// <remarks><code>
    /// VER       1  5
    /// NMETHODS  1
    /// METHODS   1 to 255
    /// </code></remarks>
    public static byte[] Greeting(params ReadOnlySpan<Socks5Method> methods)
    {
        var message = new byte[2 + methods.Length];
        message[0] = Socks5.Version;
        message[1] = checked((byte)methods.Length);
        for (var i = 0; i < methods.Length; i++)
            message[2 + i] = (byte)methods[i];
        return message;
    }

    /// <summary>Which method the server has chosen (RFC 1928, section 3): VER 1, METHOD 1.</summary>
    public static OperationStatus ParseMethod(ReadOnlySpan<byte> bytes, out Socks5Method method) =>
        ParsePair(bytes, Socks5.Version, out method, value => (Socks5Method)value);

    /// <summary>The login (RFC 1929, section 2). The caller zeroes it.</summary>
    /// <remarks><code>
    /// VER     1  1
    /// ULEN    1
    /// UNAME   1 to 255
    /// PLEN    1
    /// PASSWD  1 to 255; an empty one is sent as it is
    /// </code></remarks>
    public static byte[] Login(string user, ReadOnlySpan<byte> password)
    {
        var userLength = Encoding.UTF8.GetByteCount(user);
        var message = new byte[3 + userLength + password.Length];
        message[0] = Socks5.LoginVersion;
        message[1] = checked((byte)userLength);
        Encoding.UTF8.GetBytes(user, message.AsSpan(2));
        message[2 + userLength] = checked((byte)password.Length);
        password.CopyTo(message.AsSpan(3 + userLength));
        return message;
    }

    /// <summary>Whether the login was accepted (RFC 1929, section 2): VER 1, STATUS 1, where 0 is success.</summary>
    public static OperationStatus ParseLoginStatus(ReadOnlySpan<byte> bytes, out bool accepted) =>
        ParsePair(bytes, Socks5.LoginVersion, out accepted, value => value == 0);

    /// <summary>What is wanted (RFC 1928, section 4).</summary>
    /// <remarks><code>
    /// VER  1  5
    /// CMD  1
    /// RSV  1  0
    /// ATYP, DST.ADDR, DST.PORT: Socks5Address
    /// </code></remarks>
    public static byte[] Request(SocksCommand command, Socks5Address destination)
    {
        var message = new byte[3 + Socks5Address.MaxLength];
        message[0] = Socks5.Version;
        message[1] = (byte)command;
        var length = destination.Write(message.AsSpan(3));
        return message[..(3 + length)];
    }

    /// <summary>The answer (RFC 1928, section 6).</summary>
    /// <remarks><code>
    /// VER  1  5
    /// REP  1
    /// RSV  1  0; ignored, as some servers do not set it
    /// ATYP, BND.ADDR, BND.PORT: Socks5Address
    /// </code></remarks>
    public static OperationStatus ParseReply(ReadOnlySpan<byte> bytes, out Socks5ReplyCode code)
    {
        code = default;
        if (bytes.Length > 0 && bytes[0] != Socks5.Version)
            return OperationStatus.InvalidData;
        if (bytes.Length < 4)
            return OperationStatus.NeedMoreData;
        code = (Socks5ReplyCode)bytes[1];
        return Socks5Address.Parse(bytes[3..], out _, out _);
    }

    private static OperationStatus ParsePair<T>(ReadOnlySpan<byte> bytes, byte version, out T value, Func<byte, T> read)
    {
        value = default!;
        if (bytes.Length > 0 && bytes[0] != version)
            return OperationStatus.InvalidData;
        if (bytes.Length < 2)
            return OperationStatus.NeedMoreData;
        value = read(bytes[1]);
        return OperationStatus.Done;
    }
}
