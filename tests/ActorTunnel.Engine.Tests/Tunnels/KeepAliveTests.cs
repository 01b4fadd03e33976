using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>A dead server is noticed in bounded time, a living one is left alone.</summary>
public sealed class KeepAliveTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan _interval = FtpScenario.Profile.KeepAliveInterval;
    private static readonly int _countMax = FtpScenario.Profile.KeepAliveCountMax;

    private readonly TunnelsScenario _tunnels = new();
    private MemoryTransport _transport = null!;

    public async Task InitializeAsync() => (_, _transport) = await _tunnels.ConnectAsync();

    public Task DisposeAsync() => _tunnels.DisposeAsync().AsTask();

    public void Dispose() => _tunnels.Log.Dispose();

    [Fact]
    public async Task A_server_that_sends_is_not_asked()
    {
        for (var i = 0; i < 10; i++)
        {
            await Patience.UntilAsync(() => _tunnels.Time.IsDueIn(left => left <= _interval), "the next look");
            _transport.LastReceived = _tunnels.Time.GetTimestamp();
            _tunnels.Time.Advance(_interval - TimeSpan.FromTicks(1));
        }

        await Patience.UntilAsync(() => _tunnels.Time.IsDueIn(left => left <= _interval), "the next look");
        Assert.Equal(0, _transport.Pings);
    }

    [Fact]
    public async Task A_silent_server_is_dead_after_the_interval_and_its_questions_and_not_before()
    {
        _transport.Pong = new TaskCompletionSource().Task;

        for (var i = 0; i < _countMax; i++)
        {
            await _tunnels.Time.ElapseAsync(_interval);
            Assert.False(_transport.Closed.IsCompleted);
        }

        await _tunnels.Time.ElapseAsync(_interval);
        Assert.Equal(SshFailure.Timeout, (await _transport.Closed.Soon()).Failure);
        Assert.Equal((_countMax + 1) * _interval, _tunnels.Time.GetElapsedTime(0));
        Assert.Equal(1, _transport.Pings);
    }

    [Fact]
    public async Task Where_no_question_is_allowed_silence_alone_is_the_end()
    {
        var (_, transport) = await _tunnels.ConnectAsync(FtpScenario.Profile with { User = "other", KeepAliveCountMax = 0 });

        await _tunnels.Time.ElapseAsync(_interval);

        Assert.Equal(SshFailure.Timeout, (await transport.Closed.Soon()).Failure);
        Assert.Equal(0, transport.Pings);
    }

    [Fact]
    public async Task A_packet_that_comes_while_the_question_is_open_is_an_answer()
    {
        _transport.Pong = new TaskCompletionSource().Task;
        await _tunnels.Time.ElapseAsync(_interval);
        await _tunnels.Time.ElapseAsync(_interval);
        await _tunnels.Time.ElapseAsync(_interval);
        await Patience.UntilAsync(() => _tunnels.Time.IsDueIn(left => left == _interval), "the next look");
        _tunnels.Time.Advance(_interval / 2);
        _transport.LastReceived = _tunnels.Time.GetTimestamp();

        await _tunnels.Time.ElapseAsync(_interval / 2);

        await Patience.UntilAsync(() => _tunnels.Time.IsDueIn(left => left == _interval / 2), "the next look");
        Assert.False(_transport.Closed.IsCompleted);
        _tunnels.Time.Advance(_interval / 2);
        await _tunnels.Time.ElapseAsync(_interval);
        Assert.False(_transport.Closed.IsCompleted);
    }
}
