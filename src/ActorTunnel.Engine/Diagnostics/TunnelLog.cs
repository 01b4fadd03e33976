using System.Net;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>Log messages of SSH connections, listeners and audit. Ids 1000-1099.</summary>
internal static partial class TunnelLog
{
    [LoggerMessage(1000, LogLevel.Information, "Connecting to {Server}")]
    public static partial void Dialling(this ILogger logger, string server);

    [LoggerMessage(1001, LogLevel.Information, "Connected to {Server} ({HostKey})")]
    public static partial void Connected(this ILogger logger, string server, string hostKey);

    [LoggerMessage(1002, LogLevel.Warning, "Lost the SSH connection to {Server}: {Reason}")]
    public static partial void Lost(this ILogger logger, string server, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "Cannot connect to {Server}: {Reason} Next try in {Seconds:0.0} s")]
    public static partial void Redialling(this ILogger logger, string server, string reason, double seconds);

    [LoggerMessage(1004, LogLevel.Warning, "Cannot connect to {Server}: {Reason} Not tried again until somebody asks for it")]
    public static partial void NotRedialling(this ILogger logger, string server, string reason);

    [LoggerMessage(1005, LogLevel.Trace, "{Server} has answered a keepalive")]
    public static partial void KeepAliveAnswered(this ILogger logger, string server);

    [LoggerMessage(1006, LogLevel.Information, "Closing the SSH connection to {Server}: nobody uses it")]
    public static partial void ClosingIdle(this ILogger logger, string server);

    [LoggerMessage(1007, LogLevel.Information, "{Server} refused the login; it is not asked again with these credentials for {Seconds} s")]
    public static partial void LoginRefused(this ILogger logger, string server, double seconds);

    [LoggerMessage(1008, LogLevel.Debug, "Cannot connect to {Server}: {Failure} ({Reason})")]
    public static partial void CannotConnect(this ILogger logger, string server, string failure, string reason);

    /// <summary>As loud as the loss before it: who read of that waits for this.</summary>
    [LoggerMessage(1009, LogLevel.Warning, "Connected to {Server} again")]
    public static partial void ConnectedAgain(this ILogger logger, string server);

    [LoggerMessage(1010, LogLevel.Information, "Listening on {EndPoint} for {Target}")]
    public static partial void Listening(this ILogger logger, IPEndPoint endPoint, string target);

    [LoggerMessage(1011, LogLevel.Information, "Not listening on {Address}: {Reason}")]
    public static partial void ListenerMissing(this ILogger logger, IPAddress address, string reason);

    [LoggerMessage(1012, LogLevel.Warning, "Accepting on {EndPoint} failed, trying again: {Reason}")]
    public static partial void AcceptFailed(this ILogger logger, IPEndPoint endPoint, string reason);

    [LoggerMessage(1013, LogLevel.Warning, "The entry on {EndPoint} cannot listen: {Reason} Next try in {Seconds:0.0} s")]
    public static partial void EntryClosed(this ILogger logger, IPEndPoint endPoint, string reason, double seconds);

    [LoggerMessage(1014, LogLevel.Information, "Listening on {Listener} of {Server} for {Target}")]
    public static partial void ListeningRemotely(this ILogger logger, string listener, string server, string target);

    [LoggerMessage(1015, LogLevel.Warning, "The forward on {Listener} of {Server} cannot listen: {Reason} Next try in {Seconds:0.0} s")]
    public static partial void RemoteEntryClosed(this ILogger logger, string listener, string server, string reason, double seconds);

    [LoggerMessage(
        1016,
        LogLevel.Warning,
        "{Server} bound port {Port} to its loopback address only (GatewayPorts no): only programs on it can connect; "
            + "set GatewayPorts clientspecified in its sshd_config (Dropbear: option -a)")]
    public static partial void LoopbackOnly(this ILogger logger, string server, int port);

    [LoggerMessage(1020, LogLevel.Error, "{Source} failed: {Reason}")]
    public static partial void ActorFailed(this ILogger logger, Exception? cause, string source, object? reason);

    [LoggerMessage(1021, LogLevel.Error, "{Recipient} has no handler for {Message}")]
    public static partial void MessageUnhandled(this ILogger logger, Exception? cause, IActorRef recipient, string message);

    [LoggerMessage(1030, LogLevel.Warning, "{Client} refused: this is no network of {Purpose}")]
    public static partial void ClientNotAdmitted(this ILogger logger, IPEndPoint client, string purpose);

    [LoggerMessage(1040, LogLevel.Error, "{Lines} audit lines for {Target} are lost, more may be: {Reason}")]
    public static partial void AuditLost(this ILogger logger, string target, long lines, string reason);

    [LoggerMessage(1041, LogLevel.Warning, "Audit lines can be written to {Target} again; {Lines} are lost")]
    public static partial void AuditWorksAgain(this ILogger logger, string target, long lines);

    [LoggerMessage(1042, LogLevel.Error, "Audit could not be written in time before the end: {Lines} lines or more are lost")]
    public static partial void AuditUnfinished(this ILogger logger, int lines);
}
