using System.Net;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests;

/// <summary>Our client against OpenSSH's server.</summary>
public sealed class SshdTests : IAsyncLifetime
{
    private static readonly IPEndPoint _originator = new(IPAddress.Loopback, 4711);
    private static readonly ChannelWindow _window = new(256 * 1024, 4 * 1024 * 1024);
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    private Sshd _sshd = null!;

    public async Task InitializeAsync() => _sshd = await Sshd.StartAsync();

    public async Task DisposeAsync() => await _sshd.DisposeAsync();

    [Fact]
    public async Task Echo_through_direct_tcpip()
    {
        await using var echo = TcpTarget.Echo();
        await using var connection = await ConnectAsync(_sshd);
        await using var stream = new ChannelStream(await OpenAsync(connection, echo.Port));
        var sending = Traffic.WriteAsync(stream, 20_000_000);
        var finishing = sending.ContinueWith(_ => stream.CompleteWritesAsync(), TaskScheduler.Default);
        var received = await Traffic.ReadAsync(stream).WaitAsync(_bound);
        await finishing;
        Assert.Equal((20_000_000, await sending), received);
    }

    private static async Task<ISshTransport> ConnectAsync(Sshd sshd, Func<SshClientOptions, SshClientOptions>? change = null)
    {
        var options = new SshClientOptions
        {
            User = Sshd.User,
            Credentials = [Credentials.Of(sshd.UserKey)],
            HostKeys = new TestPolicy(),
        };
        return await SshClient.ConnectAsync(
            await sshd.ConnectAsync(), change?.Invoke(options) ?? options, NullLogger.Instance, TimeProvider.System, CancellationToken.None)
            .AsTask().WaitAsync(_bound);
    }

    private static async Task<ITunnelChannel> OpenAsync(ISshTransport connection, int port) =>
        await connection.OpenAsync("127.0.0.1", port, _originator, _window, CancellationToken.None).AsTask().WaitAsync(_bound);
}
