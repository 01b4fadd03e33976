using System.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>Our client, connected to a real sshd.</summary>
internal static class SshdClient
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static readonly ChannelWindow Window = new(256 * 1024, 4 * 1024 * 1024);

    public static async Task<ISshTransport> ConnectAsync(Sshd sshd, Func<SshClientOptions, SshClientOptions>? change = null)
    {
        var options = new SshClientOptions
        {
            User = Sshd.User,
            Credentials = [Credentials.Of(sshd.UserKey)],
            HostKeys = new TestPolicy(),
        };
        return await SshClient.ConnectAsync(
            await sshd.ConnectAsync(), change?.Invoke(options) ?? options, NullLogger.Instance, TimeProvider.System, CancellationToken.None)
            .AsTask().WaitAsync(Bound);
    }

    public static async Task<ITunnelChannel> OpenAsync(ISshTransport connection, int port) =>
        await connection.OpenAsync("127.0.0.1", port, new(IPAddress.Loopback, 4711), Window, CancellationToken.None)
            .AsTask().WaitAsync(Bound);
}
