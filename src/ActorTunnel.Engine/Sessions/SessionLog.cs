using System.Net;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Socks;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// Log messages of sessions and data channels. Ids 1100-1199. Never a password: commands are named by their verb only. A warning is read
/// by itself: it says who and where.
/// </summary>
internal static partial class SessionLog
{
    [LoggerMessage(1100, LogLevel.Information, "{Session} started: {Client} to {Target}")]
    public static partial void SessionStarted(this ILogger logger, string session, IPEndPoint client, string target);

    /// <summary>That somebody could not be served is said unasked; that a peer left, or that we stop, is ordinary.</summary>
    public static void SessionEnded(this ILogger logger, string session, Failure failure, string reason, string who)
    {
        var word = failure.Word();
        // A lost SSH connection is said once, by whoever owned it.
        if (failure is Failure.None or Failure.PeerClosed or Failure.PeerReset or Failure.Shutdown or Failure.ConnectionLost)
            logger.SessionEnded(session, word, reason);
        else
            logger.SessionFailed(session, word, reason, who);
    }

    [LoggerMessage(1101, LogLevel.Information, "{Session} ended: {Failure} ({Reason})")]
    private static partial void SessionEnded(this ILogger logger, string session, string failure, string reason);

    [LoggerMessage(1102, LogLevel.Warning, "{Client} refused: {Reason}")]
    public static partial void ClientRefused(this ILogger logger, IPEndPoint client, string reason);

    /// <summary>The client has been told the session's id, if its protocol has room for it.</summary>
    [LoggerMessage(1104, LogLevel.Warning, "{Session} refused: {Reason} [{Who}]")]
    public static partial void SessionRefused(this ILogger logger, string session, string reason, string who);

    [LoggerMessage(1103, LogLevel.Warning, "{Session} ended: {Failure} ({Reason}) [{Who}]")]
    private static partial void SessionFailed(this ILogger logger, string session, string failure, string reason, string who);

    [LoggerMessage(1150, LogLevel.Warning, "{Session} goes on to {Target} without SSH, as its rule allows: {Reason} [{Who}]")]
    public static partial void FallsBackToPlain(this ILogger logger, string session, string target, string reason, string who);

    [LoggerMessage(1105, LogLevel.Information, "{Session} waits for a login: {Client}")]
    public static partial void LoginAwaited(this ILogger logger, string session, IPEndPoint client);

    [LoggerMessage(1106, LogLevel.Warning, "{Session} login {Attempt} refused: {Reason} [{Who}]")]
    public static partial void LoginRefused(this ILogger logger, string session, int attempt, string reason, string who);

    [LoggerMessage(1109, LogLevel.Warning, "{Session} may not go to {Host}:{Port}: {Reason} [{Who}]")]
    public static partial void DestinationRefused(
        this ILogger logger, string session, string host, int port, string reason, string who);

    [LoggerMessage(1152, LogLevel.Information, "{Session} is carried unread from here: client and server use TLS")]
    public static partial void CarriedUnread(this ILogger logger, string session);

    [LoggerMessage(1110, LogLevel.Debug, "{Session} command {Verb}")]
    public static partial void Command(this ILogger logger, string session, FtpVerb verb);

    [LoggerMessage(1111, LogLevel.Debug, "{Session} reply {Code}")]
    public static partial void Reply(this ILogger logger, string session, int code);

    [LoggerMessage(
        1120, LogLevel.Information, "{Session} {Channel} {Direction} ended: {BytesDown} bytes down, {BytesUp} bytes up: {Failure}")]
    public static partial void TransferEnded(
        this ILogger logger, string session, string channel, TransferDirection direction, long bytesDown, long bytesUp, string failure);

    [LoggerMessage(1121, LogLevel.Warning, "{Session} {Channel} broken: {Failure} ({Reason}) [{Who}]")]
    public static partial void DataChannelBroken(
        this ILogger logger, string session, string channel, string failure, string reason, string who);

    [LoggerMessage(1122, LogLevel.Warning, "{Session} {Channel} refused a data connection from {Peer}: the client is {Client}")]
    public static partial void ForeignDataConnection(this ILogger logger, string session, string channel, string peer, IPAddress client);

    [LoggerMessage(1124, LogLevel.Warning, "{Session} {Channel} refused a data connection from {Peer}: {Reason} [{Who}]")]
    public static partial void ForeignDataUser(
        this ILogger logger, string session, string channel, string peer, string reason, string who);

    [LoggerMessage(
        1123, LogLevel.Warning, "{Session} {Channel} refused a data connection from {Peer}: the FTP server is {Server} [{Who}]")]
    public static partial void ForeignServerConnection(
        this ILogger logger, string session, string channel, string peer, string server, string who);

    [LoggerMessage(
        1128, LogLevel.Information, "{Session} is served by the FTP server's passive mode when its client asks for active mode: {Reason}")]
    public static partial void ServedPassively(this ILogger logger, string session, string reason);

    [LoggerMessage(1129, LogLevel.Warning, "{Session} asks for active mode, which can hardly work: {Reason}. DataMode=auto does [{Who}]")]
    public static partial void ActiveAllTheSame(this ILogger logger, string session, string reason, string who);

    [LoggerMessage(
        1125, LogLevel.Information,
        "{Session} an upload has its final name from the start: only STOR without REST has a temporary one (said once in a session)")]
    public static partial void KeepsItsName(this ILogger logger, string session);

    [LoggerMessage(1126, LogLevel.Information, "{Session} size of an upload not compared: {Reason} (said once in a session)")]
    public static partial void NotVerified(this ILogger logger, string session, string reason);

    [LoggerMessage(
        1127, LogLevel.Warning,
        "{Session} has left a file on the FTP server, unless that has deleted it itself: where the upload went, with a name that ends in"
        + " {Mark}.part; an audit file has it whole [{Who}]")]
    public static partial void Leftover(this ILogger logger, string session, string mark, string who);

    [LoggerMessage(1130, LogLevel.Warning, "{Client} is no client of the SOCKS proxy: {Reason}")]
    public static partial void SocksHandshakeFailed(this ILogger logger, IPEndPoint client, string reason);

    [LoggerMessage(1131, LogLevel.Warning, "{Client} refused {Command} to {Host} port {Port}: {Reason}")]
    public static partial void SocksRefused(
        this ILogger logger, string client, SocksCommand command, string? host, int port, string reason);

    [LoggerMessage(1151, LogLevel.Debug, "{Session} {Channel} has its client by SOCKS")]
    public static partial void SecondConnect(this ILogger logger, string session, string channel);
}
