using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>What a server is asked to bear from all its users together.</summary>
public sealed class AdmissionTests
{
    /// <summary>So that it does not decide what another limit is tested for.</summary>
    private const int Plenty = 1000;

    private static readonly AdmissionOptions _limits = new();

    [Fact]
    public async Task No_more_than_8_connections_log_in_at_once_and_the_others_follow()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxAuthenticationFailures = Plenty });
        var users = Enumerable.Range(0, 20).Select(n => tunnels.Use(User(n))).ToArray();
        var dials = new Queue<FakeDial>();
        for (var i = 0; i < 8; i++)
            dials.Enqueue(await tunnels.Dialer.NextDialAsync());

        for (var i = 8; i < 20; i++)
        {
            Assert.Equal(i, tunnels.Dialer.Count);
            dials.Dequeue().Succeed();
            dials.Enqueue(await tunnels.Dialer.NextDialAsync());
        }

        foreach (var dial in dials)
            dial.Succeed();
        foreach (var user in users)
            await user.ExpectAsync<TunnelReady>();
    }

    [Fact]
    public async Task Who_gets_no_turn_in_time_hears_so()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxConnecting = 1 });
        tunnels.Use(User(1));
        await tunnels.Dialer.NextDialAsync();
        var second = tunnels.Use(User(2));

        await tunnels.Time.ElapseAsync(_limits.MaxWait);

        Assert.Equal(Failure.Limit, (await second.ExpectAsync<TunnelFailed>()).Failure);
        Assert.Equal(1, tunnels.Dialer.Count);
    }

    [Fact]
    public async Task Who_dies_while_it_logs_in_makes_room()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxConnecting = 1 });
        tunnels.Use(User(1));
        var dial = await tunnels.Dialer.NextDialAsync();
        tunnels.Use(User(2));

        dial.Outcome.SetException(new IOException("a defect"));
        tunnels.ExpectsDefect = true;

        Assert.Equal("user2", (await tunnels.Dialer.NextDialAsync()).Profile.User);
    }

    [Fact]
    public async Task A_full_connection_gets_a_sister_and_at_the_bound_of_the_server_the_next_waits_for_room()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxConnectionsPerServer = 2 });
        var profile = FtpScenario.Profile with { Pool = new() { MaxChannelsPerConnection = 2 } };
        var (first, _) = await tunnels.ConnectAsync(profile, channels: 2);
        var (_, sister) = await tunnels.ConnectAsync(profile, channels: 1);
        var (third, fourth) = (tunnels.Use(profile, channels: 2), tunnels.Use(profile, channels: 2));

        await TunnelsScenario.EndAsync(first);

        Assert.NotSame(sister, (await third.ExpectAsync<TunnelReady>()).Transport);
        await tunnels.Time.ElapseAsync(_limits.MaxWait);
        var refused = await fourth.ExpectAsync<TunnelFailed>();
        Assert.Equal((Failure.Limit, true), (refused.Failure, refused.Message.Contains("2 connections", StringComparison.Ordinal)));
        Assert.Equal(2, tunnels.Dialer.Count);
    }

    [Fact]
    public async Task A_refused_login_is_refused_here_for_60_seconds_and_told_as_such()
    {
        await using var tunnels = new TunnelsScenario();
        var profile = TunnelsScenario.WithPassword("wrong");
        var first = tunnels.Use(profile);
        (await tunnels.Dialer.NextDialAsync()).Fail(Failure.Authentication, "Permission denied.");
        Assert.Equal("Permission denied.", (await first.ExpectAsync<TunnelFailed>()).Message);
        tunnels.Time.Advance(TimeSpan.FromSeconds(12));

        var refused = (TunnelFailed)await tunnels.AskAsync(TunnelsScenario.WithPassword("wrong"));

        Assert.Equal(
            "alice@ssh.example.com:22 was refused 12 s ago and the server is not asked again for 48 s: Permission denied.",
            refused.Message);
        Assert.Equal(Failure.Authentication, refused.Failure);
        tunnels.Time.Advance(TimeSpan.FromSeconds(48));
        tunnels.Use(profile);
        await tunnels.Dialer.NextDialAsync();
        Assert.Equal(2, tunnels.Dialer.Count);
    }

    [Fact]
    public async Task Another_password_is_asked_for_at_once()
    {
        await using var tunnels = new TunnelsScenario();
        var first = tunnels.Use(TunnelsScenario.WithPassword("wrong"));
        (await tunnels.Dialer.NextDialAsync()).Fail(Failure.Authentication);
        await first.ExpectAsync<TunnelFailed>();

        await tunnels.ConnectAsync(TunnelsScenario.WithPassword("right"));
    }

    [Fact]
    public async Task A_login_refused_at_the_jump_host_is_not_held_against_the_server_behind_it()
    {
        await using var tunnels = new TunnelsScenario();
        var first = tunnels.Use(TunnelsScenario.WithPassword("right"));
        (await tunnels.Dialer.NextDialAsync()).Outcome.SetResult(new TunnelFailed(Failure.Authentication, "no.", Hop: "jump"));
        await first.ExpectAsync<TunnelFailed>();

        await tunnels.ConnectAsync(TunnelsScenario.WithPassword("right"));
    }

    [Fact]
    public async Task When_two_logins_have_failed_the_next_unknown_ones_wait_5_seconds_each()
    {
        await using var tunnels = new TunnelsScenario();
        var (_, _) = await tunnels.ConnectAsync(User(0));
        for (var n = 1; n <= 4; n++)
            tunnels.Use(User(n));
        var (first, second) = (await tunnels.Dialer.NextDialAsync(), await tunnels.Dialer.NextDialAsync());

        first.Fail(Failure.Authentication);
        second.Fail(Failure.Authentication);
        await tunnels.Time.ElapseAsync(TimeSpan.FromSeconds(5));
        (await tunnels.Dialer.NextDialAsync()).Fail(Failure.Authentication);
        await tunnels.Time.ElapseAsync(TimeSpan.FromSeconds(5));

        await tunnels.Dialer.NextDialAsync();
        Assert.Equal(5, tunnels.Dialer.Count);
    }

    [Fact]
    public async Task Who_has_logged_in_before_does_not_wait_for_those_who_failed()
    {
        await using var tunnels = new TunnelsScenario();
        var (_, good) = await tunnels.ConnectAsync(User(0));
        tunnels.Use(User(1));
        tunnels.Use(User(2));
        (await tunnels.Dialer.NextDialAsync()).Fail(Failure.Authentication);
        (await tunnels.Dialer.NextDialAsync()).Fail(Failure.Authentication);
        good.Lose();

        await tunnels.ConnectAsync(User(0));
    }

    [Fact]
    public async Task When_many_who_were_good_are_refused_at_once_others_do_not_wait_for_each_of_them()
    {
        await using var tunnels = new TunnelsScenario();
        var transports = new List<MemoryTransport>();
        for (var n = 0; n < 20; n++)
            transports.Add((await tunnels.ConnectAsync(User(n))).Transport);
        for (var n = 0; n < 20; n++)
        {
            transports[n].Lose();
            var user = tunnels.Use(User(n));
            (await tunnels.Dialer.NextDialAsync()).Fail(Failure.Authentication);
            await user.ExpectAsync<TunnelFailed>();
        }

        var unknown = tunnels.Use(User(99));
        await tunnels.Time.ElapseAsync(_limits.MaxAuthenticationFailures * _limits.AuthenticationRecovery);

        (await tunnels.Dialer.NextDialAsync()).Succeed();
        await unknown.ExpectAsync<TunnelReady>();
    }

    [Fact]
    public async Task However_many_unknown_users_wait_who_has_logged_in_before_is_not_turned_away()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxConnecting = 4 });
        var (_, good) = await tunnels.ConnectAsync(User(0));
        var unknown = Enumerable.Range(1, 1010).Select(n => tunnels.Use(User(n))).ToArray();
        await NextDialsAsync(tunnels, 3);
        Assert.Equal(Failure.Limit, (await unknown[^1].ExpectAsync<TunnelFailed>()).Failure);
        good.Lose();

        await tunnels.ConnectAsync(User(0));
    }

    [Fact]
    public async Task Who_leaves_before_its_turn_does_not_keep_others_waiting()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxConnecting = 1 });
        tunnels.Use(User(1));
        var dial = await tunnels.Dialer.NextDialAsync();
        var second = tunnels.Use(User(2));
        await Patience.UntilAsync(() => tunnels.Time.IsDueIn(left => left == _limits.MaxWait), "the second in the queue");

        await TunnelsScenario.EndAsync(second);

        await Patience.UntilAsync(() => !tunnels.Time.IsDueIn(left => left == _limits.MaxWait), "the second out of the queue");
        dial.Succeed();
        await tunnels.ConnectAsync(User(3));
        await tunnels.ConnectAsync(User(2));
    }

    [Fact]
    public async Task A_login_that_has_begun_is_seen_to_its_end_though_who_asked_has_left()
    {
        await using var tunnels = new TunnelsScenario();
        var first = tunnels.Use(TunnelsScenario.WithPassword("wrong"));
        var dial = await tunnels.Dialer.NextDialAsync();
        await TunnelsScenario.EndAsync(first);

        dial.Fail(Failure.Authentication);

        await Patience.UntilAsync(
            () => tunnels.Log.Lines.Any(line => line.Contains("refused the login", StringComparison.Ordinal)), "the refusal");
        Assert.Equal(
            Failure.Authentication, Assert.IsType<TunnelFailed>(await tunnels.AskAsync(TunnelsScenario.WithPassword("wrong"))).Failure);
    }

    [Fact]
    public async Task Many_unknown_users_who_are_all_good_soon_log_in_as_many_at_once_as_anybody()
    {
        await using var tunnels = new TunnelsScenario();
        var users = Enumerable.Range(0, 30).Select(n => tunnels.Use(User(n))).ToArray();

        var begun = 0;
        foreach (var atOnce in new[] { 2, 4, 8, 8, 8 })
        {
            var dials = await NextDialsAsync(tunnels, atOnce);
            Assert.Equal(begun += atOnce, tunnels.Dialer.Count);
            dials.ForEach(dial => dial.Succeed());
        }

        foreach (var user in users)
            await user.ExpectAsync<TunnelReady>();
    }

    [Fact]
    public async Task Owners_of_the_same_login_share_no_connection_but_what_the_server_thinks_of_it()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxAuthenticationFailures = 1 });
        using var one = new Secret("one"u8);
        using var another = new Secret("another"u8);
        var (_, first) = await tunnels.ConnectAsync(User(1) with { Owner = one });
        tunnels.Use(User(2));
        (await tunnels.Dialer.NextDialAsync()).Fail(Failure.Authentication);

        var (_, second) = await tunnels.ConnectAsync(User(1) with { Owner = another });

        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task A_failed_login_takes_the_trust_that_others_have_earned()
    {
        await using var tunnels = new TunnelsScenario();
        var users = Enumerable.Range(0, 8).ToDictionary(n => $"user{n}", n => tunnels.Use(User(n)));
        (await NextDialsAsync(tunnels, 2)).ForEach(dial => dial.Succeed());
        var dials = await NextDialsAsync(tunnels, 4);

        dials[0].Fail(Failure.Authentication);
        await users[dials[0].Profile.User].ExpectAsync<TunnelFailed>();
        foreach (var dial in dials.Skip(1))
        {
            dial.Succeed();
            await users[dial.Profile.User].ExpectAsync<TunnelReady>();
        }

        await tunnels.Dialer.NextDialAsync(); // One of two failures is left.
        Assert.Equal(7, tunnels.Dialer.Count);
    }

    [Fact]
    public async Task Trust_ends_with_the_rush_in_which_it_was_earned()
    {
        await using var tunnels = new TunnelsScenario();
        var users = Enumerable.Range(0, 6).Select(n => tunnels.Use(User(n))).ToArray();
        (await NextDialsAsync(tunnels, 2)).ForEach(dial => dial.Succeed());
        (await NextDialsAsync(tunnels, 4)).ForEach(dial => dial.Succeed());
        foreach (var user in users)
            await user.ExpectAsync<TunnelReady>();
        await tunnels.AskAsync(User(5)); // passes through the server after it has heard of them all
        tunnels.Time.Advance(_limits.AuthenticationRecovery);

        for (var n = 6; n < 16; n++)
            tunnels.Use(User(n));
        (await NextDialsAsync(tunnels, 2)).ForEach(dial => dial.Fail(Failure.Authentication));
        await tunnels.AskAsync(User(5));

        Assert.Equal(8, tunnels.Dialer.Count);
    }

    [Fact]
    public async Task After_5_failures_in_a_row_the_reason_is_told_at_once_until_a_probe_succeeds()
    {
        await using var tunnels = new TunnelsScenario();
        for (var i = 0; i < CircuitBreaker.FailuresToOpen; i++)
            await FailAsync(tunnels);

        var refused = (TunnelFailed)await tunnels.AskAsync(User(7));
        Assert.Equal(Failure.Timeout, refused.Failure);
        Assert.StartsWith("No answer. That was 0 s ago", refused.Message, StringComparison.Ordinal);
        Assert.Equal(CircuitBreaker.FailuresToOpen, tunnels.Dialer.Count);

        tunnels.Time.Advance(TimeSpan.FromSeconds(2));
        var probe = tunnels.Use(User(7));
        var dial = await tunnels.Dialer.NextDialAsync();
        Assert.Contains("being tried again", ((TunnelFailed)await tunnels.AskAsync(User(8))).Message, StringComparison.Ordinal);
        dial.Fail(Failure.Timeout, "No answer.");
        await probe.ExpectAsync<TunnelFailed>();
        Assert.IsType<TunnelFailed>(await tunnels.AskAsync(User(7)));

        tunnels.Time.Advance(TimeSpan.FromSeconds(4));
        await tunnels.ConnectAsync(User(7));
        await tunnels.ConnectAsync(User(8));
    }

    [Fact]
    public async Task Logins_at_which_the_server_hangs_up_do_not_make_it_away_for_others()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxAuthenticationFailures = Plenty });
        for (var n = 0; n < CircuitBreaker.FailuresToOpen; n++)
        {
            var user = tunnels.Use(User(n));
            (await tunnels.Dialer.NextDialAsync()).Outcome.SetResult(
                new TunnelFailed(Failure.ConnectionLost, "closed.") { IsWithinLogin = true });
            await user.ExpectAsync<TunnelFailed>();
        }

        await tunnels.ConnectAsync(User(7));
    }

    [Fact]
    public async Task A_login_at_which_the_server_hangs_up_costs_as_one_that_it_refuses()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxAuthenticationFailures = 1 });
        tunnels.Use(User(1));
        tunnels.Use(User(2));
        (await tunnels.Dialer.NextDialAsync()).Outcome.SetResult(
            new TunnelFailed(Failure.ConnectionLost, "closed.") { IsWithinLogin = true });

        await tunnels.Time.ElapseAsync(_limits.AuthenticationRecovery);

        await tunnels.Dialer.NextDialAsync();
    }

    [Fact]
    public async Task Who_waits_for_its_turn_when_the_server_goes_away_hears_that_at_once()
    {
        await using var tunnels = new TunnelsScenario(_limits with { MaxConnecting = 1 });
        for (var i = 1; i < CircuitBreaker.FailuresToOpen; i++)
            await FailAsync(tunnels);
        tunnels.Use(User(1));
        var last = await tunnels.Dialer.NextDialAsync();
        var second = tunnels.Use(User(2));
        Assert.True(second.IsEmpty);

        last.Fail(Failure.ConnectionRefused, "Refused.");

        Assert.Equal(Failure.ConnectionRefused, (await second.ExpectAsync<TunnelFailed>()).Failure);
        Assert.Equal(CircuitBreaker.FailuresToOpen, tunnels.Dialer.Count);
    }

    [Fact]
    public async Task Pools_that_nobody_needs_are_let_go()
    {
        await using var tunnels = new TunnelsScenario();
        for (var n = 0; n < 50; n++)
        {
            var (user, transport) = await tunnels.ConnectAsync(User(n));
            await TunnelsScenario.EndAsync(user);
            await tunnels.Time.ElapseAsync(TimeSpan.FromSeconds(5));
            await transport.Closed.Soon();
        }

        // The same again, while the old pools are let go or just were: nobody's question may be lost with one.
        for (var n = 0; n < 50; n++)
            await tunnels.ConnectAsync(User(n));
    }

    [Fact]
    public void Impossible_values_are_named()
    {
        Assert.Null(_limits.Problem);
        Assert.Null(new PoolOptions().Problem);
        Assert.Null(TunnelsScenario.Kept.Pool.Problem);
        Assert.StartsWith("MaxConnecting", (_limits with { MaxConnecting = 0 }).Problem, StringComparison.Ordinal);
        Assert.StartsWith("MaxWait", (_limits with { MaxWait = TimeSpan.Zero }).Problem, StringComparison.Ordinal);
        Assert.StartsWith("IdleTimeout", new PoolOptions { IdleTimeout = TimeSpan.FromSeconds(-2) }.Problem, StringComparison.Ordinal);
        Assert.StartsWith("ConnectionsPerIdentity", new PoolOptions { ConnectionsPerIdentity = 0 }.Problem, StringComparison.Ordinal);
        Assert.StartsWith("MaxChannels", new PoolOptions { MaxChannelsPerConnection = 1 }.Problem, StringComparison.Ordinal);
    }

    private static TunnelProfile User(int n) => TunnelsScenario.WithPassword("secret", $"user{n}");

    private static async Task<List<FakeDial>> NextDialsAsync(TunnelsScenario tunnels, int count)
    {
        var dials = new List<FakeDial>();
        while (dials.Count < count)
            dials.Add(await tunnels.Dialer.NextDialAsync());
        return dials;
    }

    private static async Task FailAsync(TunnelsScenario tunnels)
    {
        var user = tunnels.Use();
        (await tunnels.Dialer.NextDialAsync()).Fail(Failure.Timeout, "No answer.");
        await user.ExpectAsync<TunnelFailed>();
    }
}
