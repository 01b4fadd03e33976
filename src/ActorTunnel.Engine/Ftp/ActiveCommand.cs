using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Engine.Ftp;

/// <summary>Where a client listens for a data connection: PORT (RFC 959, section 4.1.2) or EPRT (RFC 2428, section 2).</summary>
internal static class ActiveCommand
{
    /// <summary>Below it are the well-known services.</summary>
    public const int FirstUnprivilegedPort = 1024;

    /// <summary>Reads the endpoint of a PORT or EPRT command, or says what to answer instead.</summary>
    public static bool TryParse(
        FtpCommand command,
        [NotNullWhen(true)] out IPEndPoint? endpoint,
        [NotNullWhen(false)] out FtpReply? refusal)
    {
        var argument = command.Argument.Trim((byte)' ');
        if (command.Verb == FtpVerb.Port)
        {
            var found = HostPort.TryFind(argument, out var where, out endpoint) && where.Equals(..argument.Length);
            refusal = found ? null : FtpReplies.MalformedEndpoint;
            return found;
        }

        var parsed = ExtendedAddress.TryParse(argument, out var family, out endpoint);
        refusal = parsed ? null : family is 0 or 1 or 2 ? FtpReplies.MalformedEndpoint : FtpReplies.UnknownAddressFamily;
        return parsed;
    }

    /// <summary>
    /// RFC 2577, section 3: a client may have data sent to itself only, and to no port of a well-known service. Otherwise the tunnel would
    /// connect to whatever a client names (the "bounce" attack).
    /// </summary>
    public static bool IsAllowed(IPEndPoint endpoint, IPAddress client) =>
        endpoint.Port >= FirstUnprivilegedPort && endpoint.Address.GetAddressBytes().AsSpan().SequenceEqual(client.GetAddressBytes());

    /// <summary>What servers know best for that address: PORT for IPv4, EPRT for IPv6.</summary>
    public static FtpVerb VerbFor(IPEndPoint listener) =>
        listener.AddressFamily == AddressFamily.InterNetwork ? FtpVerb.Port : FtpVerb.Eprt;

    /// <summary>The command that asks a server to connect to <paramref name="listener"/>; null: PORT cannot name IPv6.</summary>
    public static FtpCommand? For(FtpVerb verb, IPEndPoint listener) => verb switch
    {
        FtpVerb.Eprt => FtpCommand.Create($"EPRT {ExtendedAddress.Format(listener)}"),
        _ when listener.AddressFamily == AddressFamily.InterNetwork => FtpCommand.Create($"PORT {HostPort.Format(listener)}"),
        _ => null,
    };
}
