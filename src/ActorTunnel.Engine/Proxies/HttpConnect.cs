using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ActorTunnel.Engine.Proxies;

/// <summary>CONNECT (RFC 9110, section 9.3.6), as HTTP/1.1 writes it (RFC 9112): pure.</summary>
internal static class HttpConnect
{
    /// <summary>The longest header of an answer: what servers take for a request by custom.</summary>
    public const int MaxAnswer = 8 * 1024;

    /// <summary>The request; the caller zeroes it. The authority and the user name must be without control characters.</summary>
    /// <remarks><code>
    /// CONNECT authority HTTP/1.1 CRLF
    /// Host: authority CRLF
    /// [Proxy-Authorization: Basic base64(user:password) CRLF]     RFC 7617, section 2
    /// CRLF
    /// </code></remarks>
    public static byte[] Request(string authority, string? user, ReadOnlySpan<byte> password)
    {
        var start = Encoding.ASCII.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
        if (user is null)
            return [.. start, .. "\r\n"u8];

        byte[] login = [.. Encoding.UTF8.GetBytes(user), (byte)':', .. password];
        var encoded = new byte[Base64.GetMaxEncodedToUtf8Length(login.Length)];
        try
        {
            Base64.EncodeToUtf8(login, encoded, out _, out _);
            return [.. start, .. "Proxy-Authorization: Basic "u8, .. encoded, .. "\r\n\r\n"u8];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(login);
            CryptographicOperations.ZeroMemory(encoded);
        }
    }

    /// <summary>The answer's header: its status is all that counts, and what follows the header belongs to the connection.</summary>
    /// <remarks><code>
    /// HTTP/1.x SP status-code SP [reason-phrase] CRLF     RFC 9112, section 4; three digits
    /// *( field-line CRLF )
    /// CRLF                                                a bare LF ends a line as well (section 2.2)
    /// </code></remarks>
    public static OperationStatus ParseAnswer(ReadOnlySpan<byte> bytes, out int status)
    {
        status = 0;
        const int codeStart = 9; // behind "HTTP/1.x "
        var known = "HTTP/1."u8;
        var compared = Math.Min(known.Length, bytes.Length);
        if (!bytes[..compared].SequenceEqual(known[..compared]))
            return OperationStatus.InvalidData;
        if (bytes.Length <= codeStart + 3)
            return OperationStatus.NeedMoreData;
        if (!char.IsAsciiDigit((char)bytes[7]) || bytes[8] != ' '
            || !int.TryParse(bytes.Slice(codeStart, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            || code < 100 || bytes[codeStart + 3] is not ((byte)' ' or (byte)'\r' or (byte)'\n'))
        {
            return OperationStatus.InvalidData;
        }

        if (bytes.IndexOf("\n\r\n"u8) < 0 && bytes.IndexOf("\n\n"u8) < 0)
            return bytes.Length < MaxAnswer ? OperationStatus.NeedMoreData : OperationStatus.InvalidData;
        status = code;
        return OperationStatus.Done;
    }
}
