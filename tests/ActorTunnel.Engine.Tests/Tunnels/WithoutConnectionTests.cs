using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>
/// Which failures say that not even a TCP connection was made: only after those may a session go on without SSH.
/// </summary>
public sealed class WithoutConnectionTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(7);

    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly ManualTimeProvider _time = new();
    private readonly LogCapture _log = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    private TunnelProfile Here => FtpScenario.Profile with { Host = "127.0.0.1", Port = Port, ConnectTimeout = _timeout };

    private ProxyServer ProxyHere => new() { Protocol = ProxyProtocol.Http, Host = "127.0.0.1", Port = Port };

    public Task InitializeAsync()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _system.Terminate().Soon();

    public void Dispose()
    {
        _listener.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Refused() => AssertWithout(true, Failure.ConnectionRefused, await FailAsync(Here));

    [Fact]
    public async Task Unreachable() =>
        AssertWithout(true, Failure.Unreachable, await FailAsync(Here with { Host = "255.255.255.255" }));

    [Fact]
    public async Task Not_found() => AssertWithout(true, Failure.HostNotFound, await FailAsync(Here with { Host = "nowhere.invalid" }));

    [Fact]
    public async Task A_TCP_connection_that_is_not_answered_in_time()
    {
        using var held = new Full(_listener);

        var dialled = DialAsync(Here);
        await _time.ElapseAsync(_timeout);

        AssertWithout(true, Failure.Timeout, Assert.IsType<TunnelFailed>(await dialled.Soon()));
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_has_been_connected_to()
    {
        _listener.Listen();
        var dialled = DialAsync(Here);
        using var accepted = await _listener.AcceptAsync().Soon();
        await accepted.ReceiveAsync(new byte[1]).Soon();
        await _time.ElapseAsync(_timeout);

        AssertWithout(false, Failure.Timeout, Assert.IsType<TunnelFailed>(await dialled.Soon()));
    }

    [Fact]
    public async Task A_server_that_closes_at_once_has_been_connected_to()
    {
        _listener.Listen();
        var dialled = DialAsync(Here);
        (await _listener.AcceptAsync().Soon()).Dispose();

        AssertWithout(false, Failure.ConnectionLost, Assert.IsType<TunnelFailed>(await dialled.Soon()));
    }

    [Fact]
    public async Task A_host_key_that_is_not_the_known_one() => AssertWithout(
        false, Failure.HostKey, await FailAtServerAsync(Here with { HostKeys = new Policy(SshFailure.HostKeyChanged) }));

    [Fact]
    public async Task No_algorithm_in_common() => AssertWithout(
        false,
        Failure.Protocol,
        await FailAtServerAsync(
            Here with { Algorithms = new() { KeyExchanges = ["ecdh-sha2-nistp256"] } }, new() { KeyExchanges = ["curve25519-sha256"] }));

    [Fact]
    public async Task A_login_that_is_refused() =>
        AssertWithout(false, Failure.Authentication, await FailAtServerAsync(Here with { HostKeys = new Policy(null) }));

    [Fact]
    public async Task A_proxy_that_is_not_there() =>
        AssertWithout(true, Failure.ConnectionRefused, await FailAsync(FtpScenario.Profile with { Proxies = [new([], ProxyHere)] }));

    [Fact]
    public async Task A_proxy_that_cannot_be_connected_to_in_time()
    {
        using var held = new Full(_listener);

        var dialled = DialAsync(FtpScenario.Profile with { Proxies = [new([], ProxyHere)], ConnectTimeout = _timeout });
        await _time.ElapseAsync(_timeout);

        AssertWithout(true, Failure.Timeout, Assert.IsType<TunnelFailed>(await dialled.Soon()));
    }

    [Fact]
    public async Task A_proxy_that_refuses_has_been_connected_to()
    {
        _listener.Listen();
        var dialled = DialAsync(FtpScenario.Profile with { Proxies = [new([], ProxyHere)] });
        using var proxy = await _listener.AcceptAsync().Soon();
        await proxy.ReceiveAsync(new byte[1000]).Soon();
        await proxy.SendAsync("HTTP/1.1 403 Forbidden\r\n\r\n"u8.ToArray()).Soon();

        AssertWithout(false, Failure.Prohibited, Assert.IsType<TunnelFailed>(await dialled.Soon()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_jump_host_that_cannot_be_reached_says_it_itself(bool isWithout)
    {
        var jump = Answering(new TunnelFailed(Failure.Timeout, "no.") { IsWithoutConnection = isWithout });

        AssertWithout(isWithout, Failure.Timeout, await FailAsync(Here with { Via = FtpScenario.Profile }, jump));
    }

    [Fact]
    public async Task A_jump_host_that_cannot_connect_to_the_server_has_been_connected_to()
    {
        await using var transport = new MemoryTransport();
        var jump = Answering(new TunnelReady(transport));

        AssertWithout(false, Failure.Unreachable, await FailAsync(Here with { Via = FtpScenario.Profile }, jump));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_circuit_breaker_s_refusals_say_what_the_last_failure_said(bool isWithout)
    {
        await using var tunnels = new TunnelsScenario();
        for (var i = 0; i < CircuitBreaker.FailuresToOpen; i++)
        {
            var asked = tunnels.AskAsync();
            (await tunnels.Dialer.NextAsync()).SetResult(
                new TunnelFailed(Failure.ConnectionRefused, "no.") { IsWithoutConnection = isWithout });
            await asked;
        }

        var refusal = Assert.IsType<TunnelFailed>(await tunnels.AskAsync());

        Assert.Equal(CircuitBreaker.FailuresToOpen, tunnels.Dialer.Count);
        Assert.Equal(isWithout, refusal.IsWithoutConnection);
    }

    private static void AssertWithout(bool isWithout, Failure failure, TunnelFailed failed) =>
        Assert.Equal((isWithout, failure), (failed.IsWithoutConnection, failed.Failure));

    private Task<object> DialAsync(TunnelProfile profile, IActorRef? tunnels = null) => SshDialer.DialAsync(
        profile, new DialContext(new EngineServices(_log, _time), tunnels ?? ActorRefs.Nobody), CancellationToken.None);

    private async Task<TunnelFailed> FailAsync(TunnelProfile profile, IActorRef? tunnels = null) =>
        Assert.IsType<TunnelFailed>(await DialAsync(profile, tunnels).Soon());

    /// <summary>With a real SSH server.</summary>
    private async Task<TunnelFailed> FailAtServerAsync(TunnelProfile profile, AlgorithmChoice? algorithms = null)
    {
        _listener.Listen();
        var options = new SshServerOptions { HostKeys = [PrivateKey.Generate("ssh-ed25519")], Algorithms = algorithms ?? new() };
        var dialled = FailAsync(profile);
        var stream = new NetworkStream(await _listener.AcceptAsync().Soon(), ownsSocket: true);
        var serving = SshServer
            .AcceptAsync(stream, options, _log.CreateLogger("server"), TimeProvider.System, CancellationToken.None).AsTask();

        var failed = await dialled;

        await Assert.ThrowsAsync<SshException>(() => serving.Soon());
        return failed;
    }

    private IActorRef Answering(object answer) => _system.ActorOf(Props.Create(() => new OneAnswer(answer)));

    private sealed class OneAnswer : ReceiveActor
    {
        public OneAnswer(object answer) => Receive<GetTunnel>(_ => Sender.Tell(answer));
    }

    private sealed class Policy(SshFailure? failure) : IHostKeyPolicy
    {
        public IReadOnlyList<string> KnownKeyTypes => [];

        public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken) =>
            failure is { } refused ? throw new SshException(refused, "not trusted") : ValueTask.CompletedTask;
    }

    /// <summary>A listener whose queue is full: the kernel answers no further connection.</summary>
    private sealed class Full : IDisposable
    {
        private readonly List<Socket> _held = [];

        public Full(Socket listener)
        {
            listener.Listen(0);
            for (var i = 0; i < 4; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _held.Add(socket);
                try
                {
                    socket.Connect(listener.LocalEndPoint!);
                }
                catch (SocketException underWay) when (underWay.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                    // It is in the queue, or waits before it.
                }
            }
        }

        public void Dispose() => _held.ForEach(socket => socket.Dispose());
    }
}
