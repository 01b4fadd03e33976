using System.Globalization;
using System.Net.Sockets;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// What a client asks for by PASV (RFC 959, section 4.1.2) or EPSV (RFC 2428, sections 3 and 4).
/// <code>
/// EPSV                 a listener of the family of the control connection
/// EPSV n               of family n: 1 is IPv4, 2 is IPv6
/// EPSV ALL             none: a promise to ask for no data connection but by EPSV
/// </code>
/// </summary>
internal static class PassiveCommand
{
    /// <summary>EPSV ALL.</summary>
    public static bool IsPromise(FtpCommand command) => command.Verb == FtpVerb.Epsv && command.ArgumentIs("ALL");

    /// <summary>What to answer instead of asking the server; null: it can be asked.</summary>
    /// <param name="command">PASV or EPSV.</param>
    /// <param name="family">Of the only address that the client could connect to.</param>
    /// <param name="isExtendedOnly">The client has said EPSV ALL before.</param>
    public static FtpReply? Refusal(FtpCommand command, AddressFamily family, bool isExtendedOnly)
    {
        if (command.Verb == FtpVerb.Pasv)
            return isExtendedOnly ? FtpReplies.OnlyExtended(command) : null;
        var argument = command.Argument.Trim((byte)' ');
        if (argument.IsEmpty || IsPromise(command))
            return null;
        if (argument.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return FtpReplies.MalformedFamily;
        var ours = family == AddressFamily.InterNetwork ? 1 : 2;
        var isOurs = int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked == ours;
        return isOurs ? null : FtpReplies.OtherFamily(ours);
    }
}
