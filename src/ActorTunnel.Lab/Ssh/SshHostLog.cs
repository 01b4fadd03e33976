using Microsoft.Extensions.Logging;

namespace ActorTunnel.Lab.Ssh;

internal static partial class SshHostLog
{
    [LoggerMessage(9000, LogLevel.Information, "An SSH client was not served: {Reason}")]
    public static partial void ClientNotServed(this ILogger logger, string reason);

    [LoggerMessage(9001, LogLevel.Error, "The SSH server of the lab accepts no more clients: {Reason}")]
    public static partial void NoMoreClients(this ILogger logger, string reason);
}
