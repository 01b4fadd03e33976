using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// Where a server listens for a data connection: a 227 reply (PASV) or a 229 reply (EPSV). Rewriting changes the numbers alone and keeps
/// the server's text, other lines and line ends: a client that copes with the server copes with us.
/// </summary>
internal sealed class PassiveReply
{
    private readonly FtpReply _reply;
    private readonly Range _numbers;

    private PassiveReply(FtpReply reply, Range numbers, IPAddress? address, int port)
    {
        _reply = reply;
        _numbers = numbers;
        Address = address;
        Port = port;
    }

    /// <summary>IPv4, from a 227. Null for a 229, which has none: it means the host of the control connection.</summary>
    public IPAddress? Address { get; }

    /// <summary>1..65535.</summary>
    public int Port { get; }

    /// <summary>Null when the reply names no usable endpoint; it then goes on untouched.</summary>
    public static PassiveReply? Parse(FtpReply reply) => reply.Code switch
    {
        _ when !reply.IsWhole => null,
        227 => Parse227(reply),
        229 => Parse229(reply),
        _ => null,
    };

    /// <summary>
    /// The reply that the client has asked for, with this endpoint: the server's own words if they have that form. A 227 needs an IPv4
    /// address.
    /// </summary>
    public FtpReply For(FtpVerb asked, IPEndPoint listener) => (asked, Address) switch
    {
        (FtpVerb.Pasv, null) => FtpReply.Create(227, $"Entering Passive Mode ({HostPort.Format(listener)})."),
        (FtpVerb.Epsv, not null) => FtpReply.Create(
            229, string.Create(CultureInfo.InvariantCulture, $"Entering Extended Passive Mode (|||{listener.Port}|)")),
        _ => Rewrite(listener),
    };

    /// <summary>The same reply with another endpoint. A 227 needs an IPv4 address; a 229 takes the port alone.</summary>
    public FtpReply Rewrite(IPEndPoint listener)
    {
        if (Address is not null && listener.AddressFamily != AddressFamily.InterNetwork)
            throw new ArgumentException("A 227 reply can only name an IPv4 address.", nameof(listener));
        var numbers = Address is null ? listener.Port.ToString(CultureInfo.InvariantCulture) : HostPort.Format(listener);
        var bytes = _reply.Bytes.Span;
        byte[] rewritten = [.. bytes[.._numbers.Start], .. Encoding.ASCII.GetBytes(numbers), .. bytes[_numbers.End..]];
        return new FtpReply(_reply.Code, rewritten, _reply.IsComplete);
    }

    // RFC 959, figure 3:   227 Entering Passive Mode. h1,h2,h3,h4,p1,p2
    // The text is free, and few agree on it; hence the first six numbers anywhere (RFC 1123, section 4.1.2.6).
    private static PassiveReply? Parse227(FtpReply reply) =>
        HostPort.TryFind(reply.Bytes.Span, out var where, out var endpoint)
            ? new PassiveReply(reply, where, endpoint.Address, endpoint.Port)
            : null;

    // RFC 2428, section 3:   229 text (<d><d><d><port><d>)
    // where <d> is the same character of 33..126; the RFC recommends "|". Some servers leave out the parentheses.
    private static PassiveReply? Parse229(FtpReply reply)
    {
        var text = reply.Bytes.Span;
        for (var i = 0; i + 3 < text.Length; i++)
        {
            var delimiter = text[i];
            if (!ExtendedAddress.IsDelimiter(delimiter) || text[i + 1] != delimiter || text[i + 2] != delimiter)
                continue;
            var digits = text[(i + 3)..].IndexOf(delimiter);
            if (digits > 0 && ExtendedAddress.TryParsePort(text.Slice(i + 3, digits), out var port))
                return new PassiveReply(reply, (i + 3)..(i + 3 + digits), address: null, port);
        }

        return null;
    }
}
