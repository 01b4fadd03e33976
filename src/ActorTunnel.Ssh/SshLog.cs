using ActorTunnel.Ssh.Protection;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Ssh;

internal static partial class SshLog
{
    [LoggerMessage(1, LogLevel.Debug, "SSH keys exchanged: {KeyExchange}, host key {HostKey}, to server {ToServer}, to client {ToClient}")]
    public static partial void KeysExchanged(
        this ILogger logger, string keyExchange, string hostKey, ProtectionNames toServer, ProtectionNames toClient);

    [LoggerMessage(2, LogLevel.Debug, "SSH authentication: {Method} {Outcome}")]
    public static partial void AuthenticationTried(this ILogger logger, string method, string outcome);

    [LoggerMessage(3, LogLevel.Debug, "SSH connection ended: {Failure}: {Text}")]
    public static partial void ConnectionEnded(this ILogger logger, SshFailure failure, string text);

    [LoggerMessage(4, LogLevel.Error, "A receiver of SSH channel data failed; the connection is closed")]
    public static partial void ReceiverFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "The callback that serves {Request} failed; the request is refused")]
    public static partial void ForwardRequestFailed(this ILogger logger, Exception exception, string request);
}
