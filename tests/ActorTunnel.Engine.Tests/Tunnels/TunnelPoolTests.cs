using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Tunnels;

public sealed class TunnelPoolTests : IAsyncLifetime, IDisposable
{
    private static readonly GetTunnel _get = new(TunnelsScenario.Kept);

    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly ManualTimeProvider _time = new();
    private readonly LogCapture _log = new();
    private readonly FakeDialer _dialer = new();
    private IActorRef _pool = null!;

    public Task InitializeAsync()
    {
        var services = new EngineServices(_log, _time);
        Dial dial = _dialer.DialAsync;
        var limits = new AdmissionOptions();
        _pool = _system.ActorOf(Props.Create(() => new TunnelsActor(services, limits, dial)));
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _system.Terminate().Soon();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Nobody_is_dialled_before_somebody_asks_and_all_who_ask_share_one_connection()
    {
        Assert.Equal(0, _dialer.Count);
        var transport = new MemoryTransport();
        var questions = Enumerable.Range(0, 5).Select(_ => AskAsync()).ToArray();

        (await _dialer.NextAsync()).SetResult(new TunnelReady(transport));

        foreach (var question in questions)
            Assert.Same(transport, ((TunnelReady)await question.Soon()).Transport);
        Assert.Same(transport, ((TunnelReady)await AskAsync().Soon()).Transport);
        Assert.Equal(1, _dialer.Count);
    }

    [Fact]
    public async Task A_failed_first_dial_is_told_to_all_and_not_repeated_until_somebody_asks()
    {
        var first = AskAsync();
        var second = AskAsync();

        (await _dialer.NextAsync()).SetResult(new TunnelFailed(Failure.ConnectionRefused, "refused"));

        Assert.Equal(Failure.ConnectionRefused, Assert.IsType<TunnelFailed>(await first.Soon()).Failure);
        Assert.IsType<TunnelFailed>(await second.Soon());
        Assert.False(_time.IsDueIn(_ => true));
        _ = AskAsync();
        await _dialer.NextAsync();
    }

    [Fact]
    public async Task A_dial_that_fails_unexpectedly_is_told_and_the_next_question_dials_again()
    {
        var question = AskAsync();

        (await _dialer.NextAsync()).SetException(new IOException("a defect"));

        Assert.Equal(Failure.Internal, Assert.IsType<TunnelFailed>(await question.Soon()).Failure);
        _ = AskAsync();
        await _dialer.NextAsync();
    }

    [Fact]
    public async Task A_connection_that_is_made_while_the_pool_stops_is_closed()
    {
        var made = new TaskCompletionSource<object>();
        var asked = new TaskCompletionSource();
        Dial deaf = (_, _, _) =>
        {
            asked.SetResult();
            return made.Task;
        };
        var (services, limits) = (new EngineServices(_log, _time), new AdmissionOptions());
        var tunnels = _system.ActorOf(Props.Create(() => new TunnelsActor(services, limits, deaf)));
        tunnels.Tell(_get, ActorRefs.NoSender);
        await asked.Task.Soon();
        await tunnels.GracefulStop(TimeSpan.FromSeconds(20));
        var transport = new MemoryTransport();

        made.SetResult(new TunnelReady(transport));

        await transport.Closed.Soon();
    }

    [Fact]
    public async Task A_lost_connection_is_dialled_again_with_growing_waits_before_anybody_asks()
    {
        (await ConnectAsync()).Lose();

        foreach (var longest in new[] { 0.5, 1, 2, 4, 8, 16, 30, 30 })
        {
            await _time.ElapseAsync(TimeSpan.FromSeconds(longest / 2), TimeSpan.FromSeconds(longest));
            (await _dialer.NextAsync()).SetResult(new TunnelFailed(Failure.Unreachable, "no way"));
        }

        await _time.ElapseAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
        (await _dialer.NextAsync()).SetResult(new TunnelReady(new MemoryTransport()));
        Assert.IsType<TunnelReady>(await AskAsync().Soon());
        Assert.Single(_log.Warnings, line => line.StartsWith("Lost the SSH connection", StringComparison.Ordinal));
        Assert.Single(_log.Warnings, line => line.StartsWith("Connected to ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_waits_begin_anew_after_a_success()
    {
        (await ConnectAsync()).Lose();
        await _time.ElapseAsync(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));
        var again = new MemoryTransport();
        (await _dialer.NextAsync()).SetResult(new TunnelReady(again));
        Assert.IsType<TunnelReady>(await AskAsync().Soon());

        again.Lose();

        await _time.ElapseAsync(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));
        await _dialer.NextAsync();
    }

    [Fact]
    public async Task Who_asks_while_the_pool_waits_to_redial_gets_the_next_connection()
    {
        (await ConnectAsync()).Lose();
        var question = AskAsync();
        await _time.ElapseAsync(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));
        var next = new MemoryTransport();

        (await _dialer.NextAsync()).SetResult(new TunnelReady(next));

        Assert.Same(next, ((TunnelReady)await question.Soon()).Transport);
    }

    [Theory]
    [InlineData(Failure.Authentication)]
    [InlineData(Failure.HostKey)]
    [InlineData(Failure.Credential)]
    internal async Task A_server_that_turns_us_away_is_not_dialled_again_until_somebody_asks(Failure failure)
    {
        (await ConnectAsync()).Lose();
        await _time.ElapseAsync(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));
        (await _dialer.NextAsync()).SetResult(new TunnelFailed(failure, "no"));
        await Patience.UntilAsync(() => _log.Lines.Any(line => line.Contains("Not tried again", StringComparison.Ordinal)), "the decision");
        Assert.False(_time.IsDueIn(left => left < TimeSpan.FromSeconds(60)));

        _time.Advance(TimeSpan.FromSeconds(60)); // What was refused is not asked again sooner.
        var question = AskAsync();

        (await _dialer.NextAsync()).SetResult(new TunnelReady(new MemoryTransport()));
        Assert.IsType<TunnelReady>(await question.Soon());
    }

    [Fact]
    public async Task Each_login_that_succeeds_is_told_also_of_a_connection_that_is_made_anew()
    {
        var logins = 0;
        var profile = TunnelsScenario.Kept with { LoggedIn = () => Interlocked.Increment(ref logins) };
        var question = _pool.Ask<object>(new GetTunnel(profile), CancellationToken.None);
        var first = new MemoryTransport();
        (await _dialer.NextAsync()).SetResult(new TunnelReady(first));
        await question.Soon();
        Assert.Equal(1, logins);

        first.Lose();
        await _time.ElapseAsync(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));
        (await _dialer.NextAsync()).SetResult(new TunnelReady(new MemoryTransport()));

        await Patience.UntilAsync(() => logins == 2, "the second login");
    }

    [Fact]
    public async Task F9_SSH_keepalives_that_are_answered_keep_the_connection()
    {
        var transport = await ConnectAsync();

        for (var i = 1; i <= 10; i++)
        {
            await _time.ElapseAsync(FtpScenario.Profile.KeepAliveInterval);
            await Patience.UntilAsync(
                () => _log.Lines.Count(line => line.Contains("answered a keepalive", StringComparison.Ordinal)) == i,
                "an answer");
        }

        Assert.Equal(10, transport.Pings);
        Assert.False(transport.Closed.IsCompleted);
    }

    [Fact]
    public async Task CountMax_unanswered_keepalives_end_the_connection_and_the_pool_redials()
    {
        var transport = await ConnectAsync();
        transport.Pong = new TaskCompletionSource().Task;
        await _time.ElapseAsync(FtpScenario.Profile.KeepAliveInterval);
        await Patience.UntilAsync(() => transport.Pings == 1, "a keepalive");

        // The third silent interval after the question is the last.
        await _time.ElapseAsync(FtpScenario.Profile.KeepAliveInterval);
        await _time.ElapseAsync(FtpScenario.Profile.KeepAliveInterval);
        Assert.False(transport.Closed.IsCompleted);
        await _time.ElapseAsync(FtpScenario.Profile.KeepAliveInterval);

        Assert.Equal(Ssh.SshFailure.Timeout, (await transport.Closed.Soon()).Failure);
        await _time.ElapseAsync(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));
        await _dialer.NextAsync();
    }

    [Fact]
    public async Task A_system_that_terminates_closes_its_connections()
    {
        var transport = await ConnectAsync();

        await _system.Terminate().Soon();

        Assert.Equal(Ssh.SshFailure.ClosedLocally, (await transport.Closed.Soon()).Failure);
    }

    private async Task<MemoryTransport> ConnectAsync()
    {
        var transport = new MemoryTransport();
        var question = AskAsync();
        (await _dialer.NextAsync()).SetResult(new TunnelReady(transport));
        await question.Soon();
        return transport;
    }

    private Task<object> AskAsync() => _pool.Ask<object>(_get, CancellationToken.None);
}
