using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>When one of the actors between a session and its connection fails, nobody waits for ever.</summary>
public sealed class DefectTests : IAsyncLifetime, IDisposable
{
    private readonly TunnelsScenario _tunnels = new() { ExpectsDefect = true };

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _tunnels.DisposeAsync().AsTask();

    public void Dispose() => _tunnels.Log.Dispose();

    [Fact]
    public async Task A_server_that_fails_tells_who_asked_and_all_who_waited_and_works_again()
    {
        var queued = Enumerable.Range(0, 12).Select(n => _tunnels.Use(TunnelsScenario.WithPassword("secret", $"user{n}"))).ToArray();
        await _tunnels.Dialer.NextDialAsync();
        await _tunnels.Dialer.NextDialAsync();

        var asker = _tunnels.Use(FtpScenario.Profile with { HostKeys = new Broken() });

        Assert.Equal(Failure.Internal, (await asker.ExpectAsync<TunnelFailed>()).Failure);
        foreach (var user in queued)
            Assert.Equal(Failure.Internal, (await user.ExpectAsync<TunnelFailed>()).Failure);
        await _tunnels.ConnectAsync();
    }

    [Fact]
    public async Task The_parent_of_all_servers_tells_under_whose_question_it_failed()
    {
        var asker = _tunnels.Use(FtpScenario.Profile with { Credentials = null! });

        Assert.Equal(Failure.Internal, (await asker.ExpectAsync<TunnelFailed>()).Failure);
        await _tunnels.ConnectAsync();
    }

    [Fact]
    public async Task A_question_to_who_is_gone_is_answered()
    {
        await _tunnels.Tunnels.GracefulStop(TimeSpan.FromSeconds(20));

        var asker = _tunnels.Use();

        Assert.Equal(Failure.Internal, (await asker.ExpectAsync<TunnelFailed>()).Failure);
        _tunnels.ExpectsDefect = false;
    }

    private sealed class Broken : IHostKeyPolicy
    {
        public IReadOnlyList<string> KnownKeyTypes => [];

        public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => throw new InvalidOperationException("a defect");
    }
}
