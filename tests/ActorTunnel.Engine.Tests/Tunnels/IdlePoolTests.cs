using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>How long a connection is kept, and who counts as its user.</summary>
public sealed class IdlePoolTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(5);

    private readonly TunnelsScenario _tunnels = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tunnels.DisposeAsync().AsTask();

    public void Dispose() => _tunnels.Log.Dispose();

    [Fact]
    public async Task A_connection_whose_last_user_has_gone_is_closed_after_5_seconds_in_order()
    {
        var (first, transport) = await _tunnels.ConnectAsync();
        var second = _tunnels.Use();
        await second.ExpectAsync<TunnelReady>();

        await TunnelsScenario.EndAsync(first);
        await TunnelsScenario.EndAsync(second);
        await _tunnels.Time.ElapseAsync(_idle);

        Assert.Equal(SshFailure.ClosedLocally, (await transport.Closed.Soon()).Failure);
    }

    [Fact]
    public async Task A_connection_in_use_is_not_closed_however_long()
    {
        var (_, transport) = await _tunnels.ConnectAsync();
        var second = _tunnels.Use();
        await second.ExpectAsync<TunnelReady>();
        await TunnelsScenario.EndAsync(second);
        await _tunnels.AskAsync(); // passes through the pool after it has heard of the end

        Assert.False(_tunnels.Time.IsDueIn(left => left == _idle));
        Assert.False(transport.Closed.IsCompleted);
    }

    [Fact]
    public async Task Who_comes_before_the_time_is_over_keeps_the_connection()
    {
        var (first, transport) = await _tunnels.ConnectAsync();
        await TunnelsScenario.EndAsync(first);
        await Patience.UntilAsync(() => _tunnels.Time.IsDueIn(left => left == _idle), "the idle timer");
        _tunnels.Time.Advance(_idle / 2);

        var second = _tunnels.Use();

        Assert.Same(transport, (await second.ExpectAsync<TunnelReady>()).Transport);
        Assert.False(_tunnels.Time.IsDueIn(left => left == _idle / 2));
        Assert.Equal(1, _tunnels.Dialer.Count);
    }

    [Fact]
    public async Task A_connection_that_nobody_has_used_yet_is_not_kept_either()
    {
        var question = _tunnels.AskAsync();
        var transport = (await _tunnels.Dialer.NextDialAsync()).Succeed();
        await question;

        await _tunnels.Time.ElapseAsync(_idle);

        await transport.Closed.Soon();
    }

    [Fact]
    public async Task With_an_idle_time_of_zero_the_connection_goes_with_its_last_channel()
    {
        var profile = FtpScenario.Profile with { Pool = new() { IdleTimeout = TimeSpan.Zero } };
        var (user, transport) = await _tunnels.ConnectAsync(profile);

        await TunnelsScenario.EndAsync(user);
        await _tunnels.Time.ElapseAsync(TimeSpan.Zero);

        await transport.Closed.Soon();
    }

    [Fact]
    public async Task A_connection_is_not_closed_while_sshd_has_yet_to_deliver_what_a_channel_has_sent()
    {
        var profile = FtpScenario.Profile with { Pool = new() { IdleTimeout = TimeSpan.Zero } };
        var (user, transport) = await _tunnels.ConnectAsync(profile);
        var draining = transport.Open(new ChannelWindow(1024, 1024));
        await TunnelsScenario.EndAsync(user);
        await _tunnels.Time.ElapseAsync(TimeSpan.Zero);
        await _tunnels.Time.ElapseAsync(TimeSpan.FromMilliseconds(250));
        await Patience.UntilAsync(() => _tunnels.Time.IsDueIn(left => left == TimeSpan.FromMilliseconds(250)), "the next look");
        Assert.False(transport.Closed.IsCompleted);

        draining.Abort();
        await _tunnels.Time.ElapseAsync(TimeSpan.FromMilliseconds(250));

        await transport.Closed.Soon();
    }

    [Fact]
    public async Task A_kept_connection_stays_without_users()
    {
        var (user, transport) = await _tunnels.ConnectAsync(TunnelsScenario.Kept);

        await TunnelsScenario.EndAsync(user);
        await _tunnels.AskAsync(TunnelsScenario.Kept);

        Assert.False(_tunnels.Time.IsDueIn(left => left <= _idle));
        Assert.False(transport.Closed.IsCompleted);
    }

    [Fact]
    public async Task A_kept_connection_of_a_retired_profile_stays_for_its_users_and_goes_after_the_last()
    {
        using var retired = new CancellationTokenSource();
        var (user, transport) = await _tunnels.ConnectAsync(TunnelsScenario.Kept with { Retired = retired.Token });

        await retired.CancelAsync();
        await _tunnels.AskAsync(TunnelsScenario.Kept with { Retired = retired.Token }); // passes through the pool after it has heard
        Assert.False(_tunnels.Time.IsDueIn(left => left == _idle));
        await TunnelsScenario.EndAsync(user);
        await _tunnels.Time.ElapseAsync(_idle);

        Assert.Equal(SshFailure.ClosedLocally, (await transport.Closed.Soon()).Failure);
    }

    [Fact]
    public async Task A_kept_connection_that_nobody_uses_goes_when_its_profile_is_retired()
    {
        using var retired = new CancellationTokenSource();
        var (user, transport) = await _tunnels.ConnectAsync(TunnelsScenario.Kept with { Retired = retired.Token });
        await TunnelsScenario.EndAsync(user);
        await _tunnels.AskAsync(TunnelsScenario.Kept with { Retired = retired.Token });

        await retired.CancelAsync();
        await _tunnels.Time.ElapseAsync(_idle);

        await transport.Closed.Soon();
    }

    [Fact]
    public async Task A_lost_connection_of_a_retired_profile_is_not_made_anew()
    {
        using var retired = new CancellationTokenSource();
        var (_, transport) = await _tunnels.ConnectAsync(TunnelsScenario.Kept with { Retired = retired.Token });
        transport.Lose();
        var redial = TimeSpan.FromSeconds(0.5);
        await Patience.UntilAsync(() => _tunnels.Time.IsDueIn(left => left <= redial), "the redial");

        await retired.CancelAsync();

        await Patience.UntilAsync(() => !_tunnels.Time.IsDueIn(left => left <= redial), "the redial is given up");
        Assert.Equal(1, _tunnels.Dialer.Count);
    }

    [Fact]
    public async Task Who_asks_late_with_a_retired_profile_gets_a_connection_that_is_not_kept()
    {
        using var retired = new CancellationTokenSource();
        await retired.CancelAsync();
        var (user, transport) = await _tunnels.ConnectAsync(TunnelsScenario.Kept with { Retired = retired.Token });

        await TunnelsScenario.EndAsync(user);
        await _tunnels.Time.ElapseAsync(_idle);

        await transport.Closed.Soon();
    }

    [Fact]
    public async Task C24_a_lost_connection_that_is_not_kept_is_made_anew_only_when_somebody_asks()
    {
        var (_, transport) = await _tunnels.ConnectAsync();

        transport.Lose();
        await Patience.UntilAsync(() => _tunnels.Log.Lines.Any(line => line.StartsWith("Lost", StringComparison.Ordinal)), "the loss");

        Assert.False(_tunnels.Time.IsDueIn(left => left <= TimeSpan.FromMinutes(1) && left != FtpScenario.Profile.KeepAliveInterval));
        var (_, again) = await _tunnels.ConnectAsync();
        Assert.NotSame(transport, again);
    }

    [Fact]
    public async Task A_user_that_dies_while_it_waits_is_forgotten()
    {
        var user = _tunnels.Use();
        var dial = await _tunnels.Dialer.NextDialAsync();
        await TunnelsScenario.EndAsync(user);

        var transport = dial.Succeed();
        await _tunnels.Time.ElapseAsync(_idle);

        await transport.Closed.Soon();
    }

    [Fact]
    public async Task A_user_that_fails_by_a_defect_leaks_no_use()
    {
        _tunnels.ExpectsDefect = true;
        var tunnels = _tunnels.Tunnels;
        var parent = _tunnels.System.ActorOf(Props.Create(() => new Parent(tunnels)));
        parent.Tell("start", ActorRefs.NoSender);
        var transport = (await _tunnels.Dialer.NextDialAsync()).Succeed();

        await _tunnels.Time.ElapseAsync(_idle);

        await transport.Closed.Soon();
    }

    [Fact]
    public async Task The_jump_host_is_in_use_as_long_as_a_connection_through_it_lives()
    {
        var jump = FtpScenario.Profile with { Host = "jump.example.com" };
        var inner = FtpScenario.Profile with { Via = jump };
        var user = _tunnels.Use(inner);
        var dial = await _tunnels.Dialer.NextDialAsync();
        var way = dial.Context.Tunnels.Ask<object>(new GetTunnel(jump), CancellationToken.None);
        var outer = (await _tunnels.Dialer.NextDialAsync()).Succeed();
        await way.Soon();
        var transport = dial.Succeed();
        await user.ExpectAsync<TunnelReady>();
        Assert.False(_tunnels.Time.IsDueIn(left => left == _idle));

        await TunnelsScenario.EndAsync(user);
        await _tunnels.Time.ElapseAsync(_idle);
        await transport.Closed.Soon();
        Assert.False(outer.Closed.IsCompleted);
        await _tunnels.Time.ElapseAsync(_idle);

        await outer.Closed.Soon();
    }

    [Fact]
    public async Task A_pool_that_fails_by_a_defect_tells_who_waits_and_works_again()
    {
        _tunnels.ExpectsDefect = true;
        var logins = 0;
        var profile = FtpScenario.Profile with
        {
            LoggedIn = () =>
            {
                if (logins++ == 0)
                    throw new InvalidOperationException("a defect");
            },
        };
        var user = _tunnels.Use(profile);

        var lost = (await _tunnels.Dialer.NextDialAsync()).Succeed();

        Assert.Equal(Failure.Internal, (await user.ExpectAsync<TunnelFailed>()).Failure);
        await lost.Closed.Soon();
        await _tunnels.ConnectAsync(profile);
        Assert.Equal(2, logins);
    }

    /// <summary>Its child asks for a connection, and fails when it has it.</summary>
    private sealed class Parent : ReceiveActor
    {
        public Parent(IActorRef tunnels) => Receive<string>(_ => Context.ActorOf(Props.Create(() => new Failing(tunnels))));

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);
    }

    private sealed class Failing : ReceiveActor
    {
        private readonly IActorRef _tunnels;

        public Failing(IActorRef tunnels)
        {
            _tunnels = tunnels;
            Receive<TunnelReady>(_ => throw new InvalidOperationException("a defect"));
        }

        protected override void PreStart() => _tunnels.Tell(new GetTunnel(FtpScenario.Profile, Self));
    }
}
