using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Rules;

namespace ActorTunnel.Engine.Sessions.Data;

/// <summary>
/// Between whom data connections are made: a session and its client; where FXP is allowed, also another host, for a client that has two
/// servers send files to each other (RFC 959, section 5.2).
/// </summary>
internal static class DataPeers
{
    /// <summary>
    /// RFC 2577, section 3: what a client names in PORT and EPRT must be no way to places that it could not come to itself. So also with
    /// FXP no well-known port, no listener of this program, and not this machine itself, unless the client is on it.
    /// </summary>
    public static bool MayBeConnectedTo(IPEndPoint endPoint, IPAddress client, FtpRestrictions restrictions) =>
        ActiveCommand.IsAllowed(endPoint, client)
        || (restrictions.AllowFxp
            && endPoint.Port >= ActiveCommand.FirstUnprivilegedPort
            && IsOtherHost(endPoint, client, OwnListeners.On(endPoint.Port)));

    /// <summary>Who connects to a port that PASV or EPSV has told.</summary>
    public static bool MayConnect(IPAddress peer, IPAddress client, FtpRestrictions restrictions) =>
        peer.Equals(client) || restrictions.AllowFxp;

    private static bool IsOtherHost(IPEndPoint endPoint, IPAddress client, IReadOnlyCollection<IPEndPoint> own) =>
        IPAddress.IsLoopback(endPoint.Address) && IPAddress.IsLoopback(client)
            ? !own.Any(listener => listener.Address.Equals(endPoint.Address))
            : DirectGuard.PlaceOf(endPoint, own).Name is null;
}
