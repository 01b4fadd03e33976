using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>The real actors of the SSH connections, with a dialler and a clock that the test moves.</summary>
internal sealed class TunnelsScenario : IAsyncDisposable
{
    private readonly IActorRef _tunnels;

    public TunnelsScenario(AdmissionOptions? admission = null)
    {
        var services = new EngineServices(Log, Time);
        Dial dial = Dialer.DialAsync;
        var limits = admission ?? new AdmissionOptions();
        System.ActorOf(Props.Create(() => new FailureLog(services)));
        System.ActorOf(Props.Create(() => new DeadLetterOffice()));
        _tunnels = System.ActorOf(Props.Create(() => new TunnelsActor(services, limits, dial)));
    }

    /// <summary>As a forward has it: kept, whoever uses it.</summary>
    public static TunnelProfile Kept { get; } = FtpScenario.Profile with { Pool = new() { IdleTimeout = Timeout.InfiniteTimeSpan } };

    public ActorSystem System { get; } = ActorSystem.Create("test");

    public ManualTimeProvider Time { get; } = new();

    public LogCapture Log { get; } = new();

    public FakeDialer Dialer { get; } = new();

    public IActorRef Tunnels => _tunnels;

    public bool ExpectsDefect { get; set; }

    /// <summary>The profile of a user with this password; the same as another with the same.</summary>
    public static TunnelProfile WithPassword(string password, string user = "alice") => FtpScenario.Profile with
    {
        User = user,
        Credentials = [new PasswordCredential(new Secret(Encoding.UTF8.GetBytes(password)))],
    };

    /// <summary>A question from nobody who would use the connection.</summary>
    public Task<object> AskAsync(TunnelProfile? profile = null) =>
        _tunnels.Ask<object>(new GetTunnel(profile ?? FtpScenario.Profile), CancellationToken.None).Soon();

    /// <summary>A user asks; what it is told is to be read from it.</summary>
    public Probe Use(TunnelProfile? profile = null, int channels = 1)
    {
        var user = new Probe(System);
        _tunnels.Tell(new GetTunnel(profile ?? FtpScenario.Profile, user.Ref) { Channels = channels }, user.Ref);
        return user;
    }

    /// <summary>A user with the first connection of a profile.</summary>
    public async Task<(Probe User, MemoryTransport Transport)> ConnectAsync(TunnelProfile? profile = null, int channels = 1)
    {
        var user = Use(profile, channels);
        var transport = (await Dialer.NextDialAsync()).Succeed();
        Assert.Same(transport, (await user.ExpectAsync<TunnelReady>()).Transport);
        return (user, transport);
    }

    public static Task EndAsync(Probe user) => user.Ref.GracefulStop(TimeSpan.FromSeconds(20)).Soon();

    public async ValueTask DisposeAsync()
    {
        await System.Terminate().Soon();
        Assert.True(ExpectsDefect == Log.Errors.Any(), string.Join('\n', Log.Errors));
    }
}
