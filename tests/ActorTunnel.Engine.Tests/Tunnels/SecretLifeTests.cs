using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>Who keeps a secret, for how long, and that nothing of it is left.</summary>
public sealed class SecretLifeTests : IDisposable
{
    private readonly Secret _secret = new("secret"u8);

    private TunnelProfile Profile => FtpScenario.Profile with
    {
        Credentials = [new PasswordCredential(_secret), new KeyboardInteractiveCredential(_secret)],
    };

    public void Dispose() => _secret.Dispose();

    [Fact]
    public async Task A_pool_redials_with_the_secret_of_a_session_that_is_over()
    {
        await using var tunnels = new TunnelsScenario();
        var user = tunnels.Use(Profile with { Pool = new() { IdleTimeout = Timeout.InfiniteTimeSpan } });
        var transport = (await tunnels.Dialer.NextDialAsync()).Succeed();
        await user.ExpectAsync<TunnelReady>();
        await TunnelsScenario.EndAsync(user);
        _secret.Dispose();
        transport.Lose();
        await tunnels.Time.ElapseAsync(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));

        var again = await tunnels.Dialer.NextDialAsync();

        Assert.All(Copies(again), copy => Assert.Equal("secret", Encoding.ASCII.GetString(copy.Copy())));
    }

    [Fact]
    public async Task The_copies_of_an_idle_pool_are_zeroed_when_its_connection_is_closed()
    {
        await using var tunnels = new TunnelsScenario();
        var user = tunnels.Use(Profile);
        var dial = await tunnels.Dialer.NextDialAsync();
        dial.Succeed();
        await user.ExpectAsync<TunnelReady>();
        await TunnelsScenario.EndAsync(user);
        await tunnels.Time.ElapseAsync(Profile.Pool.IdleTimeout);
        await Patience.UntilAsync(() => Copies(dial).All(copy => copy.IsZeroed), "the copies zeroed with the pool");
        Assert.False(_secret.IsZeroed); // That one is its owner's.
    }

    [Fact]
    public async Task The_copies_of_a_refused_login_are_zeroed()
    {
        await using var tunnels = new TunnelsScenario();
        var asking = tunnels.AskAsync(Profile);
        var dial = await tunnels.Dialer.NextDialAsync();
        dial.Fail(Failure.Authentication);
        await asking;
        await Patience.UntilAsync(() => Copies(dial).All(copy => copy.IsZeroed), "the copies zeroed");
    }

    [Fact]
    public async Task The_copies_of_jump_hosts_are_zeroed_too()
    {
        await using var tunnels = new TunnelsScenario();
        var asking = tunnels.AskAsync(FtpScenario.Profile with { Via = Profile });
        var dial = await tunnels.Dialer.NextDialAsync();
        var copies = dial.Profile.Via!.Credentials.Select(credential => credential.Secret!).ToList();
        Assert.All(copies, copy => Assert.NotSame(_secret, copy));
        dial.Fail(Failure.Unreachable);
        await asking;
        await Patience.UntilAsync(() => copies.All(copy => copy.IsZeroed), "the copies zeroed");
    }

    [Fact]
    public async Task The_end_of_the_engine_zeroes_all_copies()
    {
        await using var tunnels = new TunnelsScenario();
        var user = tunnels.Use(Profile with { Pool = new() { IdleTimeout = Timeout.InfiniteTimeSpan } });
        var dial = await tunnels.Dialer.NextDialAsync();
        dial.Succeed();
        await user.ExpectAsync<TunnelReady>();
        await tunnels.System.Terminate().Soon();
        Assert.All(Copies(dial), copy => Assert.True(copy.IsZeroed));
    }

    [Fact]
    public async Task A_pool_that_has_failed_is_let_go_with_its_copies()
    {
        await using var tunnels = new TunnelsScenario { ExpectsDefect = true };
        var user = tunnels.Use(Profile with { LoggedIn = () => throw new InvalidOperationException("a defect") });
        var dial = await tunnels.Dialer.NextDialAsync();
        dial.Succeed();
        Assert.Equal(Failure.Internal, (await user.ExpectAsync<TunnelFailed>()).Failure);
        await Patience.UntilAsync(() => Copies(dial).All(copy => copy.IsZeroed), "the copies zeroed");
        await tunnels.ConnectAsync(Profile);
    }

    [Fact]
    public async Task A_question_with_a_secret_that_is_gone_is_answered_and_harms_nobody()
    {
        await using var tunnels = new TunnelsScenario();
        var profile = Profile;
        _secret.Dispose();
        Assert.Equal(Failure.Credential, Assert.IsType<TunnelFailed>(await tunnels.AskAsync(profile)).Failure);
        Assert.Equal(0, tunnels.Dialer.Count);
        await tunnels.ConnectAsync();
    }

    private static List<Secret> Copies(FakeDial dial) => [.. dial.Profile.Credentials.Select(credential => credential.Secret!)];
}
