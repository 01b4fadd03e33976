using System.Buffers.Text;
using System.Text;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// USER as clients of an FTP proxy say it: <c>user@host</c>, <c>user@host:port</c>, <c>user@[address]:port</c>. User names contain @ (mail
/// addresses), hosts never: the last one separates.
/// </summary>
/// <param name="User">As it is, for the FTP server.</param>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">21 when none is given.</param>
internal sealed record ProxyLogin(byte[] User, string Host, int Port)
{
    private const int FtpPort = 21;

    /// <summary>Null: that names no user and host. What a host may be is the rules' matter.</summary>
    public static ProxyLogin? Parse(ReadOnlySpan<byte> argument)
    {
        var at = argument.LastIndexOf((byte)'@');
        if (at <= 0)
            return null;
        var user = argument[..at];
        var place = argument[(at + 1)..].TrimEnd((byte)' ');
        var (host, rest) = place switch
        {
            [(byte)'[', ..] when place.IndexOf((byte)']') is > 1 and var end => (1..end, (end + 1)..),
            [(byte)'[', ..] => (..0, ..0),
            _ when place.IndexOf((byte)':') is >= 0 and var colon => (..colon, colon..),
            _ => (.., ^0..),
        };
        if (place[host].IsEmpty || place[host].ContainsAnyExceptInRange((byte)'!', (byte)'~') || !TryParsePort(place[rest], out var port))
            return null;
        return new ProxyLogin(user.ToArray(), Encoding.ASCII.GetString(place[host]), port);
    }

    /// <summary>Nothing, or a colon and a number.</summary>
    private static bool TryParsePort(ReadOnlySpan<byte> text, out int port)
    {
        port = FtpPort;
        if (text.IsEmpty)
            return true;
        return text[0] == ':'
            && text.Length is > 1 and <= 6
            && !text[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(text[1..], out port, out _)
            && port is > 0 and <= 65535;
    }
}
