using System.Net;
using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Entries;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>
/// The SOCKS proxy with its real actors: clients on loopback sockets, servers behind an in-memory SSH connection, a clock that the test
/// moves.
/// </summary>
internal sealed class SocksScenario : IAsyncDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly IActorRef _directory;
    private readonly List<DataSocket> _clients = [];
    private IPEndPoint _proxy = null!;

    private SocksScenario()
    {
        var services = new EngineServices(Log, Time) { AuditSink = Audit };
        var transport = Transport;
        _system.ActorOf(Props.Create(() => new FailureLog(services)));
        _system.ActorOf(Props.Create(() => new DeadLetterOffice()));
        var tunnels = _system.ActorOf(Props.Create(() => new FtpScenario.TestPool(transport, transport, null)));
        var directory = _system.ActorOf(Props.Create(() => new DirectoryActor()));
        _directory = directory;
        var sessions = _system.ActorOf(Props.Create(() => new SessionsActor(tunnels, directory, services)));
        Sessions = sessions;
        Entries = _system.ActorOf(Props.Create(() => new EntriesActor(sessions, tunnels, services)));
    }

    public static ProfileTemplate Profile { get; } = new() { Name = "office", Make = _ => FtpScenario.Profile };

    public MemoryTransport Transport { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public LogCapture Log { get; } = new();

    public AuditCapture Audit { get; } = new();

    public IActorRef Sessions { get; }

    public IActorRef Entries { get; }

    /// <summary>A proxy with these rules.</summary>
    public static Task<SocksScenario> StartAsync(params FilterRule[] rules) =>
        StartAsync(new SocksOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] }, rules);

    public static async Task<SocksScenario> StartAsync(SocksOptions options, params FilterRule[] rules)
    {
        var scenario = new SocksScenario();
        scenario.Apply(rules);
        var listening = await scenario.Entries
            .Ask<ListeningEntryActor.Listening>(new EntriesActor.AddSocks(options), CancellationToken.None).Soon();
        scenario._proxy = listening.EndPoints[0];
        return scenario;
    }

    /// <summary>A rule for everything.</summary>
    public static FilterRule Rule(FilterAction action) => new() { Name = "all", Action = action, Profile = Profile };

    public void Apply(params FilterRule[] rules) => Sessions.Tell(new ApplyRules(new RuleSet(rules)), ActorRefs.NoSender);

    /// <summary>A client that has said this.</summary>
    public async Task<DataSocket> ConnectAsync(params byte[] words)
    {
        var client = await DataSocket.ConnectAsync(_proxy);
        _clients.Add(client);
        await client.SendAsync(words);
        return client;
    }

    /// <summary>A SOCKS 5 client that has asked for this host, and has read the choice of method.</summary>
    public async Task<DataSocket> AskAsync(string host, int port, byte command = 1)
    {
        var name = Encoding.Latin1.GetBytes(host);
        var client = await ConnectAsync(5, 1, 0);
        Assert.Equal([5, 0], await client.ReadAsync(2));
        byte[] request = [5, command, 0, 3, (byte)name.Length, .. name, (byte)(port >> 8), (byte)port];
        await client.SendAsync(request);
        return client;
    }

    /// <summary>The reply of SOCKS 5, and nothing behind it but the end.</summary>
    public static async Task ExpectRefusedAsync(DataSocket client, byte code) =>
        Assert.Equal([5, code, 0, 1, 0, 0, 0, 0, 0, 0], await client.ReadToFinAsync());

    /// <summary>The reply of SOCKS 5; what comes behind it is the target's.</summary>
    public static async Task ExpectAcceptedAsync(DataSocket client) =>
        Assert.Equal([5, 0, 0, 1, 0, 0, 0, 0, 0, 0], await client.ReadAsync(10));

    public Task UntilLoggedAsync(string words) => Patience.UntilAsync(
        () => Log.Lines.Any(line => line.Contains(words, StringComparison.Ordinal)), words);

    public async Task<IReadOnlyList<SessionInfo>> SessionsAsync() =>
        (await _directory.Ask<DirectoryActor.Sessions>(DirectoryActor.GetSessions.Instance, CancellationToken.None).Soon()).All;

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate().Soon();
        _clients.ForEach(client => client.Dispose());
        Assert.Empty(Transport.Violations);
        Assert.Empty(Log.Errors);
        Assert.Empty(Transport.OpenChannels);
        Log.Dispose();
    }
}
