using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>What is said when the connect timeout is over, by whom it was not kept.</summary>
public sealed class SshDialerTests : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(7);

    private readonly ManualTimeProvider _time = new();
    private readonly LogCapture _log = new();
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);

    public SshDialerTests() => _silent.Start();

    public void Dispose()
    {
        _silent.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_named()
    {
        var failed = await TimesOutAsync(FtpScenario.Profile with { Host = "127.0.0.1", Port = Port });

        Assert.Equal((Failure.Timeout, null), (failed.Failure, failed.Hop));
        Assert.StartsWith($"127.0.0.1 port {Port} did not answer in time:", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_says_nothing_is_named_and_not_taken_for_the_server()
    {
        var proxy = new ProxyServer { Protocol = ProxyProtocol.Http, Host = "127.0.0.1", Port = Port };

        var failed = await TimesOutAsync(FtpScenario.Profile with { Proxies = [new ProxyRule([], proxy)] });

        Assert.Equal((Failure.Timeout, "proxy 127.0.0.1"), (failed.Failure, failed.Hop));
        Assert.StartsWith(
            $"Proxy 127.0.0.1 port {Port} has not connected to ssh.example.com port 22 in time:", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_hangs_up_has_been_there_once_it_has_shown_its_key(bool hasShownKey)
    {
        var dialled = SshDialer.DialAsync(
            FtpScenario.Profile with
            {
                Host = "127.0.0.1",
                Port = Port,
                HostKeys = new AnyKey(),
                Credentials = [new PasswordCredential(new Secret("secret"u8))],
            },
            new DialContext(new EngineServices(_log, _time), ActorRefs.Nobody),
            CancellationToken.None);
        using var accepted = await _silent.AcceptSocketAsync().Soon();
        if (hasShownKey)
        {
            using var hostKey = PrivateKey.Generate("ssh-ed25519");
            var options = new SshServerOptions
            {
                HostKeys = [hostKey],
                CheckPassword = (_, _, _) =>
                {
                    accepted.Dispose();
                    return new(false);
                },
            };
            using var stream = new NetworkStream(accepted);
            await Assert.ThrowsAsync<SshException>(() => SshServer
                .AcceptAsync(stream, options, _log.CreateLogger("server"), TimeProvider.System, CancellationToken.None).AsTask().Soon());
        }
        else
        {
            accepted.Dispose();
        }

        var failed = Assert.IsType<TunnelFailed>(await dialled.Soon());

        Assert.Equal((Failure.ConnectionLost, hasShownKey), (failed.Failure, failed.IsWithinLogin));
    }

    private int Port => ((IPEndPoint)_silent.LocalEndpoint).Port;

    private async Task<TunnelFailed> TimesOutAsync(TunnelProfile profile)
    {
        var dialled = SshDialer.DialAsync(
            profile with { ConnectTimeout = _timeout },
            new DialContext(new EngineServices(_log, _time), ActorRefs.Nobody),
            CancellationToken.None);
        using var accepted = await _silent.AcceptSocketAsync().Soon();
        await accepted.ReceiveAsync(new byte[1]).Soon(); // It has connected and says something.
        await _time.ElapseAsync(_timeout);
        return Assert.IsType<TunnelFailed>(await dialled.Soon());
    }

    private sealed class AnyKey : IHostKeyPolicy
    {
        public IReadOnlyList<string> KnownKeyTypes => [];

        public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
