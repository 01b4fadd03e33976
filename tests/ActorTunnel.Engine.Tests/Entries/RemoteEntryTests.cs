using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Entries;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Entries;

/// <summary>The listener of a remote forward: asked for, probed, lost, asked for again.</summary>
public sealed class RemoteEntryTests : IAsyncLifetime, IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly LogCapture _log = new();
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTransport _transport = new();
    private Probe _sessions = null!;
    private Probe _tunnels = null!;
    private Probe _asker = null!;

    public Task InitializeAsync()
    {
        (_sessions, _tunnels, _asker) = (new Probe(_system), new Probe(_system), new Probe(_system));
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _system.Terminate().Soon();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_server_that_refuses_is_a_failure_that_names_what_forbids_it()
    {
        _transport.RefusesListeners = true;

        var (entry, answer) = await OpenAsync("localhost", 2121);

        Assert.Equal(Failure.Prohibited, Assert.IsType<TunnelFailed>(answer).Failure);
        Assert.True(await entry.GracefulStop(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task No_SSH_connection_is_a_failure()
    {
        var entry = Entry("localhost", 2121);
        entry.Tell(ListeningEntryActor.Open.Instance, _asker.Ref);
        await _tunnels.ExpectAsync<GetTunnel>();

        entry.Tell(new TunnelFailed(Failure.Timeout, "no answer"), ActorRefs.NoSender);

        Assert.Equal(Failure.Timeout, (await _asker.ExpectAsync<TunnelFailed>()).Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("127.0.0.5")]
    [InlineData("10.0.0.5")]
    [InlineData("ssh.example.com")]
    public async Task The_silent_loopback_of_GatewayPorts_no_is_said(string bind)
    {
        _transport.BindsLoopbackOnly = true;

        var (_, answer) = await OpenAsync(bind, 2121);

        Assert.IsType<RemoteEntryActor.ForwardedRemotely>(answer);
        Assert.Contains(
            _log.Lines,
            line => line.Contains("port 2121 to its loopback address only (GatewayPorts no)", StringComparison.Ordinal));
        await _transport.ConnectAsync(2121).WaitForSessionAsync(_sessions);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("10.0.0.5", 1)]
    [InlineData("localhost", 0)]
    [InlineData("127.0.0.1", 0)]
    [InlineData("::1", 0)]
    public async Task What_was_bound_as_asked_for_is_probed_off_loopback_and_not_remarked(string bind, int pings)
    {
        await OpenAsync(bind, 2121);

        Assert.Equal(pings, _transport.Pings); // The probe's second half.
        Assert.DoesNotContain(_log.Lines, line => line.Contains("GatewayPorts", StringComparison.Ordinal));
        Assert.True(_sessions.IsEmpty, "The probe became a session.");
        Assert.Empty(_transport.OpenChannels);
    }

    [Fact]
    public async Task All_IPv6_addresses_and_no_other_are_not_taken_for_loopback()
    {
        _transport.BindsIPv6Only = true;

        await OpenAsync("::", 2121);

        Assert.DoesNotContain(_log.Lines, line => line.Contains("GatewayPorts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_else_who_answers_the_probe_is_not_taken_for_our_listener()
    {
        _transport.BindsLoopbackOnly = true;
        _transport.Serve("127.0.0.2", 2121);

        await OpenAsync("", 2121);

        Assert.Contains(_log.Lines, line => line.Contains("loopback address only", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_loss_the_same_port_is_asked_for_until_it_is_granted()
    {
        var (entry, answer) = await OpenAsync("localhost", 0);
        var port = Assert.IsType<RemoteEntryActor.ForwardedRemotely>(answer).Port;
        var next = new MemoryTransport { RefusesListeners = true };

        _transport.Lose();
        for (var i = 0; i < 2; i++)
        {
            await _time.ElapseAsync(TimeSpan.FromSeconds(0.5 * (i + 1)), TimeSpan.FromSeconds(1 * (i + 1)));
            await _tunnels.ExpectAsync<GetTunnel>();
            entry.Tell(new TunnelReady(next), ActorRefs.NoSender);
            await Patience.UntilAsync(() => next.Listens == i + 1, "asked to listen");
            next.RefusesListeners = false;
        }

        await Patience.UntilAsync(() => next.Listeners.Contains(port), "the same port");
        await next.ConnectAsync(port).WaitForSessionAsync(_sessions);
    }

    [Fact]
    public async Task A_server_that_does_not_let_us_in_again_is_not_asked_for_five_minutes()
    {
        var (entry, _) = await OpenAsync("localhost", 2121);
        _transport.Lose();
        await _time.ElapseAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        await _tunnels.ExpectAsync<GetTunnel>();

        entry.Tell(new TunnelFailed(Failure.Authentication, "no more"), ActorRefs.NoSender);

        await _time.ElapseAsync(TimeSpan.FromMinutes(5));
        await _tunnels.ExpectAsync<GetTunnel>();
    }

    [Fact]
    public async Task A_closed_entry_cancels_its_listener_and_is_not_opened_again()
    {
        var (entry, _) = await OpenAsync("localhost", 2121);

        entry.Tell(ListeningEntryActor.Close.Instance, ActorRefs.NoSender);

        await Patience.UntilAsync(() => _transport.Listeners.Count == 0, "the listener cancelled");
        _transport.Lose();
        Assert.True(await entry.GracefulStop(TimeSpan.FromSeconds(20)));
        Assert.True(_tunnels.IsEmpty);
    }

    [Fact]
    public async Task A_client_without_an_address_is_refused()
    {
        await OpenAsync("localhost", 2121);

        Assert.Null(await _transport.ConnectAsync(2121, "UNKNOWN").Soon());
    }

    private async Task<(IActorRef Entry, object Answer)> OpenAsync(string bind, int port)
    {
        var entry = Entry(bind, port);
        entry.Tell(ListeningEntryActor.Open.Instance, _asker.Ref);
        Assert.Equal(entry, (await _tunnels.ExpectAsync<GetTunnel>()).User);
        entry.Tell(new TunnelReady(_transport), ActorRefs.NoSender);
        return (entry, await _asker.ExpectAsync());
    }

    private IActorRef Entry(string bind, int port)
    {
        var forward = new RemoteForwardOptions { BindAddress = bind, ListenPort = port, Host = "localhost", HostPort = 80 };
        var services = new EngineServices(_log, _time);
        var (sessions, tunnels) = (_sessions.Ref, _tunnels.Ref);
        return _system.ActorOf(Props.Create(() => new RemoteEntryActor(forward, FtpScenario.Profile, sessions, tunnels, services)));
    }
}

/// <summary>What becomes of a connection to a remote forward.</summary>
internal static class RemoteConnections
{
    /// <summary>It becomes a session, which refuses it.</summary>
    public static async Task WaitForSessionAsync(this Task<FarEnd?> connecting, Probe sessions)
    {
        var session = await sessions.ExpectAsync<NewRemoteSession>();
        session.Release();
        Assert.Null(await connecting.Soon());
    }
}
