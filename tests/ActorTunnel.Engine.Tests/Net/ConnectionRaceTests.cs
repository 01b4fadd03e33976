using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Net;

public class ConnectionRaceTests
{
    private static readonly IPEndPoint[] _three =
        [.. Enumerable.Range(1, 3).Select(i => new IPEndPoint(new IPAddress([10, 0, 0, (byte)i]), 22))];

    private readonly ManualTimeProvider _time = new();
    private readonly List<Attempt> _attempts = [];

    [Fact]
    public async Task A_silent_address_is_joined_by_the_next_one_after_the_delay()
    {
        var race = RunAsync(_three);
        Assert.Single(_attempts);

        await _time.ElapseAsync(ConnectionRace.AttemptDelay);
        await AttemptsAsync(2);
        await _time.ElapseAsync(ConnectionRace.AttemptDelay);
        await AttemptsAsync(3);
        using var winner = NewSocket();
        _attempts[1].Outcome.SetResult(winner);

        Assert.Same(winner, (await race.Soon()).Winner);
        Assert.True(_attempts[0].Cancellation.IsCancellationRequested);
        Assert.True(_attempts[2].Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task An_address_that_fails_is_followed_at_once()
    {
        var race = RunAsync(_three);

        _attempts[0].Fail(SocketError.NetworkUnreachable);
        await AttemptsAsync(2);
        using var winner = NewSocket();
        _attempts[1].Outcome.SetResult(winner);

        Assert.Same(winner, (await race.Soon()).Winner);
        Assert.Equal(2, _attempts.Count);
    }

    [Fact]
    public async Task Each_attempt_has_its_own_delay_before_the_next()
    {
        var race = RunAsync(_three);
        _time.Advance(ConnectionRace.AttemptDelay / 2);
        _attempts[0].Fail(SocketError.ConnectionRefused);
        await AttemptsAsync(2);

        await _time.ElapseAsync(ConnectionRace.AttemptDelay);

        await AttemptsAsync(3);
        using var winner = NewSocket();
        _attempts[2].Outcome.SetResult(winner);
        await race.Soon();
    }

    [Fact]
    public async Task All_failures_come_together_with_their_addresses()
    {
        var race = RunAsync(_three);
        for (var i = 0; i < _three.Length; i++)
        {
            await AttemptsAsync(i + 1);
            _attempts[i].Fail(SocketError.ConnectionRefused);
        }

        var (winner, failures) = await race.Soon();

        Assert.Null(winner);
        Assert.Equal(_three, failures.Select(failure => failure.Target));
        Assert.False(_time.IsDueIn(_ => true));
    }

    [Fact]
    public async Task A_loser_that_succeeds_too_late_is_closed()
    {
        var race = RunAsync(_three[..2]);
        await _time.ElapseAsync(ConnectionRace.AttemptDelay);
        await AttemptsAsync(2);
        using var winner = NewSocket();
        _attempts[1].Outcome.SetResult(winner);
        await race.Soon();
        var loser = NewSocket();

        _attempts[0].Outcome.SetResult(loser);

        await Patience.UntilAsync(() => loser.SafeHandle.IsClosed, "the loser is closed");
        Assert.False(winner.SafeHandle.IsClosed);
    }

    [Fact]
    public async Task Giving_up_ends_every_attempt_and_starts_no_other()
    {
        using var stop = new CancellationTokenSource();
        var race = RunAsync(_three, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race.Soon());
        Assert.True(Assert.Single(_attempts).Cancellation.IsCancellationRequested);
        Assert.False(_time.IsDueIn(_ => true));
    }

    [Fact]
    public async Task A_race_that_is_given_up_tells_what_was_tried()
    {
        using var stop = new CancellationTokenSource();
        var race = NewRace(_three);
        var run = race.RunAsync(_three, stop.Token);
        _attempts[0].Fail(SocketError.ConnectionRefused);
        await AttemptsAsync(2);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Soon());

        Assert.Equal(
            [(_three[0].Address, new SocketException((int)SocketError.ConnectionRefused).Message), (_three[1].Address, "no answer")],
            race.Tried);
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private Task<(Socket? Winner, IReadOnlyList<ConnectFailure> Failures)> RunAsync(
        IPEndPoint[] targets, CancellationToken cancellationToken = default) => NewRace(targets).RunAsync(targets, cancellationToken);

    private ConnectionRace NewRace(IPEndPoint[] targets) => new(
        (target, cancellation) =>
        {
            var attempt = new Attempt(cancellation);
            lock (_attempts)
                _attempts.Add(attempt);
            Assert.Equal(targets[_attempts.Count - 1], target);
            return attempt.Outcome.Task;
        },
        _time);

    private Task AttemptsAsync(int count) => Patience.UntilAsync(
        () =>
        {
            lock (_attempts)
                return _attempts.Count == count;
        },
        $"attempt {count}");

    /// <summary>One that nobody has decided yet. It does not heed its cancellation by itself.</summary>
    private sealed record Attempt(CancellationToken Cancellation)
    {
        public TaskCompletionSource<Socket> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Fail(SocketError error) => Outcome.SetException(new SocketException((int)error));
    }
}
