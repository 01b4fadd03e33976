using System.Collections.Concurrent;
using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Entries;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>
/// One FTP client whose login is not known yet, with the real actors of sessions and SSH connections; a dialler, and a clock that the test
/// moves.
/// </summary>
internal sealed class LoginScenario : IAsyncDisposable
{
    public const string Host = "ftp.internal";

    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly IActorRef _directory;
    private readonly ConcurrentBag<MemoryTransport> _transports = [];
    private Decision? _decision;
    private IPEndPoint? _proxy;

    private LoginScenario()
    {
        var services = new EngineServices(Log, Time) { AuditSink = Audit };
        var limits = new AdmissionOptions();
        Dial dial = Dialer.DialAsync;
        _system.ActorOf(Props.Create(() => new FailureLog(services)));
        _system.ActorOf(Props.Create(() => new DeadLetterOffice()));
        var tunnels = _system.ActorOf(Props.Create(() => new TunnelsActor(services, limits, dial)));
        var directory = _system.ActorOf(Props.Create(() => new DirectoryActor()));
        _directory = directory;
        Tunnels = tunnels;
        Sessions = _system.ActorOf(Props.Create(() => new SessionsActor(tunnels, directory, services)));
        Template = new ProfileTemplate { Name = "work", Make = Make };
    }

    public IActorRef Sessions { get; }

    public IActorRef Tunnels { get; }

    public ProfileTemplate Template { get; }

    public ManualTimeProvider Time { get; } = new();

    public LogCapture Log { get; } = new();

    public AuditCapture Audit { get; } = new();

    public FakeDialer Dialer { get; } = new();

    public ScriptedClient Client { get; private set; } = null!;

    /// <summary>The FTP server's end of the control channel.</summary>
    public FarEnd Server { get; private set; } = null!;

    /// <summary>What profiles were made for, in order.</summary>
    public ConcurrentQueue<ProfileRequest> Requests { get; } = new();

    /// <summary>A client whose SSH login is its FTP login, and who has read the greeting.</summary>
    public static async Task<LoginScenario> StartAsync(Func<FilterRule, FilterRule>? change = null, string host = Host, int port = 21)
    {
        var scenario = new LoginScenario();
        var rule = new FilterRule
        {
            Name = "by-user", Action = FilterAction.FtpTunnel, Profile = scenario.Template, UserFromApplication = true,
        };
        rule = change?.Invoke(rule) ?? rule;
        await scenario.ConnectAsync(new Decision(rule, rule.Action, host, port));
        await scenario.Client.ExpectAsync("220 Ready.");
        return scenario;
    }

    /// <summary>A client of the FTP proxy, and who has read the greeting; all that the rules allow is by this one.</summary>
    public static async Task<LoginScenario> StartProxyAsync(Func<ProfileTemplate, FilterRule> rule)
    {
        var scenario = new LoginScenario();
        var (sessions, tunnels, services) = (scenario.Sessions, scenario.Tunnels, new EngineServices(scenario.Log, scenario.Time));
        var entries = scenario._system.ActorOf(Props.Create(() => new EntriesActor(sessions, tunnels, services)));
        sessions.Tell(new ApplyRules(new RuleSet([rule(scenario.Template)])), ActorRefs.NoSender);
        var listening = await entries
            .Ask<ListeningEntryActor.Listening>(
                new EntriesActor.AddFtpProxy(new FtpProxyOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] }),
                CancellationToken.None)
            .Soon();
        scenario._proxy = listening.EndPoints[0];
        scenario.Client = await scenario.ComeToProxyAsync();
        await scenario.Client.ExpectAsync(220);
        return scenario;
    }

    /// <summary>The same, logged in.</summary>
    public static async Task<LoginScenario> LoggedInAsync()
    {
        var scenario = await StartAsync();
        await scenario.SendLoginAsync();
        await scenario.AcceptLoginAsync();
        return scenario;
    }

    /// <summary>USER with its 331, and PASS.</summary>
    public async Task SendLoginAsync(string user = "alice", string password = "secret")
    {
        await Client.SendAsync($"USER {user}");
        await Client.ExpectAsync(331);
        await Client.SendAsync($"PASS {password}");
    }

    /// <summary>The SSH login succeeds; an FTP server is behind it, which has a channel then.</summary>
    public async Task<MemoryTransport> LetInAsync(string host = Host, int port = 21)
    {
        var dial = await Dialer.NextDialAsync();
        var transport = new MemoryTransport();
        _transports.Add(transport);
        var control = transport.Serve(host, port);
        dial.Outcome.SetResult(new TunnelReady(transport));
        Server = await control.ReadAsync().Soon();
        return transport;
    }

    /// <summary>SSH and FTP server let the client in.</summary>
    public async Task<MemoryTransport> AcceptLoginAsync(string user = "alice", string password = "secret")
    {
        var transport = await LetInAsync();
        await Server.SayAsync("220 real server");
        await Server.ExpectAsync($"USER {user}");
        await Server.SayAsync("331 and the password");
        await Server.ExpectAsync($"PASS {password}");
        await Server.SayAsync("230 welcome");
        await Client.ExpectAsync("230 welcome");
        return transport;
    }

    /// <summary>A command and its reply, as they are.</summary>
    public async Task ExchangeAsync(string command, string reply)
    {
        await Client.SendAsync(command);
        await Server.ExpectAsync(command);
        await Server.SayAsync(reply);
        await Client.ExpectAsync(reply);
    }

    /// <summary>A command that is answered here.</summary>
    public async Task AnsweredAsync(string command, int code)
    {
        await Client.SendAsync(command);
        await Client.ExpectAsync(code);
    }

    public async Task<IReadOnlyList<SessionInfo>> SessionsAsync() =>
        (await _directory.Ask<DirectoryActor.Sessions>(DirectoryActor.GetSessions.Instance, CancellationToken.None).Soon()).All;

    /// <summary>The session is over, and the passwords that it had are zeroed.</summary>
    public async Task ExpectNothingLeftAsync()
    {
        await Patience.UntilAsync(async () => (await SessionsAsync()).Count == 0, "no session left");
        await Patience.UntilAsync(() => _transports.All(transport => transport.OpenChannels.Count == 0), "all channels closed");
        Assert.All(Requests, request => Assert.True(request.Login is null or { Password.IsZeroed: true }));
    }

    public Task TerminateAsync() => _system.Terminate().Soon();

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate().Soon();
        Client.Dispose();
        Assert.False(Log.Errors.Any(), string.Join('\n', Log.Errors));
        Assert.DoesNotContain(Log.Lines, line => line.Contains("secret", StringComparison.Ordinal));
        Assert.All(_transports, transport => Assert.Empty(transport.OpenChannels));
        Assert.All(_transports, transport => Assert.Empty(transport.Violations));
        Log.Dispose();
    }

    /// <summary>Another client by the same rule.</summary>
    public async Task<ScriptedClient> JoinAsync()
    {
        var (client, accepted) = await DataSocket.PairAsync();
        Sessions.Tell(new NewLoginSession(accepted, "test") { Decision = _decision }, ActorRefs.NoSender);
        return new ScriptedClient(client);
    }

    /// <summary>Another client of the FTP proxy.</summary>
    public async Task<ScriptedClient> ComeToProxyAsync() => new(await DataSocket.ConnectAsync(_proxy!));

    /// <summary>The FTP server's end of another login that shares the SSH connection.</summary>
    public async Task<FarEnd> NextServerAsync() => await _transports.Single().Serve(Host, 21).ReadAsync().Soon();

    private async Task ConnectAsync(Decision? decision, IPAddress? address = null)
    {
        _decision = decision;
        var (client, accepted) = await DataSocket.PairAsync(address);
        Client = new ScriptedClient(client);
        Sessions.Tell(new NewLoginSession(accepted, "test") { Decision = decision }, ActorRefs.NoSender);
    }

    private TunnelProfile Make(ProfileRequest request)
    {
        Requests.Enqueue(request);
        return FtpScenario.Profile with
        {
            Host = request.Host ?? "ssh.example.com",
            User = request.Login?.User ?? "service",
            Credentials = request.Login is { } login
                ? [new PasswordCredential(login.Password), new KeyboardInteractiveCredential(login.Password)]
                : [],
        };
    }
}
