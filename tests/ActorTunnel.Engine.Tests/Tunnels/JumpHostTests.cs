using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Tunnels;

public sealed class JumpHostTests : IAsyncLifetime, IDisposable
{
    private static readonly TunnelProfile _bastion = FtpScenario.Profile with { Host = "bastion" };
    private static readonly TunnelProfile _target = FtpScenario.Profile with { Host = "target", Port = 2222, Via = _bastion };

    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly ManualTimeProvider _time = new();
    private readonly LogCapture _log = new();
    private readonly MemoryTransport _jump = new();
    private readonly Lock _gate = new();
    private readonly List<TunnelProfile> _asked = [];
    private object? _answer;

    public Task InitializeAsync()
    {
        _answer = new TunnelReady(_jump);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _system.Terminate().Soon();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task The_jump_host_s_connection_is_asked_for_and_a_channel_of_it_carries_ssh()
    {
        var target = _jump.Serve("target", 2222);

        _ = DialAsync(_target);

        var far = await target.ReadAsync().Soon();
        Assert.StartsWith("SSH-2.0-", await far.ReadLineAsync().Soon(), StringComparison.Ordinal);
        Assert.Same(_bastion, Assert.Single(_asked));
    }

    [Fact]
    public async Task A_jump_host_that_cannot_be_reached_is_named_and_not_taken_for_the_server()
    {
        _answer = new TunnelFailed(Failure.Authentication, "No credential was accepted.");

        var failed = await FailsAsync(_target);

        Assert.Equal(
            new TunnelFailed(Failure.Authentication, "Jump host bastion: No credential was accepted.", "bastion"), failed);
    }

    [Fact]
    public async Task A_jump_host_that_cannot_connect_is_named_with_the_target()
    {
        var failed = await FailsAsync(_target);

        Assert.Equal((Failure.Unreachable, "bastion"), (failed.Failure, failed.Hop));
        Assert.StartsWith("Jump host bastion: it cannot connect to target port 2222", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jump_host_that_is_lost_while_ssh_begins_is_named_with_the_reason()
    {
        var target = _jump.Serve("target", 2222);
        var dialled = DialAsync(_target);
        var far = await target.ReadAsync().Soon();
        Assert.StartsWith("SSH-2.0-", await far.ReadLineAsync().Soon(), StringComparison.Ordinal);

        _jump.Lose();

        var failed = Assert.IsType<TunnelFailed>(await dialled.Soon());
        Assert.Equal((Failure.ConnectionLost, "bastion"), (failed.Failure, failed.Hop));
        Assert.Contains("Jump host bastion: Connection reset by peer.", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jump_host_that_is_lost_already_is_named()
    {
        _jump.Lose();

        var failed = await FailsAsync(_target);

        Assert.Equal((Failure.ConnectionLost, "bastion"), (failed.Failure, failed.Hop));
    }

    [Fact]
    public async Task The_clock_of_the_server_begins_when_the_jump_host_is_ready()
    {
        _answer = null;
        var dialled = DialAsync(_target with { ConnectTimeout = TimeSpan.FromSeconds(7) });
        await Patience.UntilAsync(
            () =>
            {
                lock (_gate)
                    return _asked.Count > 0;
            },
            "the question for the jump host");
        Assert.False(_time.IsDueIn(_ => true));
        Assert.False(dialled.IsCompleted);

        _jump.Opening = new TaskCompletionSource().Task;
        _answer = new TunnelReady(_jump);
        dialled = DialAsync(_target with { ConnectTimeout = TimeSpan.FromSeconds(7) });
        await _time.ElapseAsync(TimeSpan.FromSeconds(7));

        var failed = Assert.IsType<TunnelFailed>(await dialled.Soon());
        Assert.Equal((Failure.Timeout, null), (failed.Failure, failed.Hop));
        Assert.Contains("through jump host bastion", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eight_jump_hosts_in_a_row_are_enough()
    {
        var profile = _target;
        for (var i = 1; i < JumpHost.MaxInARow; i++)
            profile = profile with { Via = profile };
        Assert.Equal(Failure.Unreachable, (await FailsAsync(profile)).Failure);
        Assert.Single(_asked);

        var failed = await FailsAsync(profile with { Via = profile });

        Assert.Equal(Failure.Configuration, failed.Failure);
        Assert.Single(_asked);
    }

    private async Task<TunnelFailed> FailsAsync(TunnelProfile profile) => Assert.IsType<TunnelFailed>(await DialAsync(profile).Soon());

    private Task<object> DialAsync(TunnelProfile profile)
    {
        Func<TunnelProfile, object?> answer = asked =>
        {
            lock (_gate)
                _asked.Add(asked);
            return _answer;
        };
        var tunnels = _system.ActorOf(Props.Create(() => new Tunnels(answer)));
        return SshDialer.DialAsync(profile, new DialContext(new EngineServices(_log, _time), tunnels), CancellationToken.None);
    }

    /// <summary>Has the answer at once, or none at all.</summary>
    private sealed class Tunnels : ReceiveActor
    {
        public Tunnels(Func<TunnelProfile, object?> answer) => Receive<GetTunnel>(get =>
        {
            if (answer(get.Profile) is { } known)
                Sender.Tell(known);
        });
    }
}
