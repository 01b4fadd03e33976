using System.Globalization;
using System.Net;
using System.Threading.Channels;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>
/// One FTP session with the real session actors: a client on a loopback socket, a server behind an in-memory SSH connection, and a
/// clock that the test moves.
/// </summary>
internal sealed class FtpScenario : IAsyncDisposable
{
    public const string Host = "ftp.internal";

    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly IActorRef _sessions;
    private readonly IActorRef _directory;
    private readonly CancellationTokenSource _stopping = new();
    private string _host = Host;
    private int _lastDataPort = 3000;
    private ChannelReader<FarEnd>? _control;
    private ForwardOptions? _forward;

    private FtpScenario(TunnelFailed? failed = null)
    {
        var services = new EngineServices(Log, Time) { AuditSink = Audit, Stopping = _stopping.Token };
        var (transport, data) = (Transport, DataTransport);
        _system.ActorOf(Props.Create(() => new FailureLog(services)));
        _system.ActorOf(Props.Create(() => new DeadLetterOffice()));
        var tunnels = _system.ActorOf(Props.Create(() => new TestPool(transport, data, failed)));
        var directory = _system.ActorOf(Props.Create(() => new DirectoryActor()));
        _directory = directory;
        _sessions = _system.ActorOf(Props.Create(() => new SessionsActor(tunnels, directory, services)));
    }

    public static TunnelProfile Profile { get; } =
        new() { Host = "ssh.example.com", User = "alice", Credentials = [], HostKeys = new TrustNobody() };

    public MemoryTransport Transport { get; } = new();

    /// <summary>What passive data goes over when it is spread.</summary>
    public MemoryTransport DataTransport { get; } = new();

    /// <summary>Data channels are spread over several connections.</summary>
    public bool Spreads { get; private set; }

    public ManualTimeProvider Time { get; } = new();

    public LogCapture Log { get; } = new();

    public AuditCapture Audit { get; } = new();

    public ScriptedClient Client { get; private set; } = null!;

    /// <summary>The FTP server's end of the control channel.</summary>
    public FarEnd Server { get; private set; } = null!;

    public IActorRef Sessions => _sessions;

    /// <summary>The test provokes an actor to fail; in all others none may.</summary>
    public bool ExpectsDefect { get; set; }

    /// <summary>A session whose greeting the client has read.</summary>
    public static async Task<FtpScenario> StartAsync(
        IPAddress? address = null, FtpOptions? options = null, string host = Host, bool spreads = false)
    {
        var scenario = await ConnectAsync(address, options, host, spreads);
        await scenario.Server.SayAsync("220 ready");
        await scenario.Client.ExpectAsync("220 ready");
        return scenario;
    }

    /// <summary>A session before the greeting.</summary>
    public static async Task<FtpScenario> ConnectAsync(
        IPAddress? address = null, FtpOptions? options = null, string host = Host, bool spreads = false)
    {
        var scenario = new FtpScenario { Spreads = spreads, _host = host };
        scenario._control = scenario.Transport.Serve(host, 21);
        scenario._forward = new() { Kind = ForwardKind.Ftp, ListenPort = 0, Host = host, HostPort = 21, Ftp = options ?? new() };
        await scenario.NewSessionAsync(scenario._forward, address);
        scenario.Server = await scenario._control.ReadAsync().Soon();
        return scenario;
    }

    /// <summary>A client for which there is no FTP server.</summary>
    public static async Task<FtpScenario> WithoutServerAsync(ChannelOpenException? refusal = null, Task? opening = null)
    {
        var scenario = new FtpScenario();
        scenario.Transport.Refusal = refusal ?? scenario.Transport.Refusal;
        scenario.Transport.Opening = opening ?? Task.CompletedTask;
        await scenario.NewSessionAsync(
            new ForwardOptions { Kind = ForwardKind.Ftp, ListenPort = 0, Host = Host, HostPort = 21 }, IPAddress.Loopback);
        return scenario;
    }

    /// <summary>A client for which there is no SSH connection.</summary>
    public static async Task<FtpScenario> WithoutTunnelAsync(TunnelFailed failed)
    {
        var scenario = new FtpScenario(failed);
        await scenario.NewSessionAsync(
            new ForwardOptions { Kind = ForwardKind.Ftp, ListenPort = 0, Host = Host, HostPort = 21 }, IPAddress.Loopback);
        return scenario;
    }

    /// <summary>A plain connection.</summary>
    public static async Task<(FtpScenario Scenario, DataSocket Client, FarEnd Server)> StartPlainAsync()
    {
        var scenario = new FtpScenario();
        var target = scenario.Transport.Serve(Host, 80);
        var client = await scenario.NewSessionAsync(
            new ForwardOptions { Kind = ForwardKind.Tcp, ListenPort = 0, Host = Host, HostPort = 80 }, null);
        return (scenario, client, await target.ReadAsync().Soon());
    }

    /// <summary>A command and its reply, as they are.</summary>
    public async Task ExchangeAsync(string command, string reply)
    {
        await Client.SendAsync(command);
        await Server.ExpectAsync(command);
        await Server.SayAsync(reply);
        foreach (var line in reply.Split("\r\n"))
            await Client.ExpectAsync(line);
    }

    /// <summary>PASV: the server's end of the data channel, and where the client is to connect.</summary>
    public async Task<(FarEnd Far, IPEndPoint EndPoint)> PassiveAsync()
    {
        await Client.SendAsync("PASV");
        var target = await AnswerPasvAsync();
        var numbers = (await Client.ExpectAsync(227)).Split('(', ')')[1].Split(',')
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture))
            .ToArray();
        var endPoint = new IPEndPoint(IPAddress.Parse(string.Join('.', numbers[..4])), (numbers[4] << 8) + numbers[5]);
        return (await target.ReadAsync().Soon(), endPoint);
    }

    /// <summary>The server hears PASV and listens; its ends of data channels.</summary>
    public async Task<ChannelReader<FarEnd>> AnswerPasvAsync()
    {
        var target = (Spreads ? DataTransport : Transport).Serve(_host, ++_lastDataPort);
        await Server.ExpectAsync("PASV");
        await Server.SayAsync($"227 Entering Passive Mode (10,0,0,9,{_lastDataPort >> 8},{_lastDataPort & 255}).");
        return target;
    }

    /// <summary>A transfer that has begun: command, 150, and the client's data connection.</summary>
    public async Task<(FarEnd Far, DataSocket Data)> BeginAsync(string command)
    {
        var (far, endPoint) = await PassiveAsync();
        var data = await DataSocket.ConnectAsync(endPoint);
        await ExchangeAsync(command, "150 here it comes");
        return (far, data);
    }

    /// <summary>What both sides see when all is well again: the session still works.</summary>
    public Task ExpectToWorkAsync() => ExchangeAsync("NOOP", "200 still here");

    /// <summary>The NOOP behind an ABOR of ours, or before what we ask about an upload: the client hears nothing of it.</summary>
    public async Task AnswerSeparationAsync()
    {
        await Server.ExpectAsync("NOOP");
        await Server.SayAsync("200 still here, after ABOR");
    }

    /// <summary>STAT overtakes a transfer: a round trip after which everything said before has been dealt with.</summary>
    public Task ExchangeStatAsync() => ExchangeAsync("STAT", "211 transferring");

    /// <summary>Nobody reads the server's replies any more: its window stays used up.</summary>
    public async Task WaitUntilServerIsHeldBackAsync()
    {
        const int window = 64 * 1024;
        var quiet = 0;
        await Patience.UntilAsync(() => (quiet = Server.Channel.Owed > window - 2000 ? quiet + 1 : 0) == 100, "the server held back");
    }

    /// <summary>What an engine says before it ends its actors without a word.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>Another client of the same forward, and its FTP server's end; null: it is turned away.</summary>
    public async Task<(ScriptedClient Client, FarEnd? Server)> JoinAsync(IPAddress? address = null, bool isTurnedAway = false)
    {
        var (client, accepted) = await DataSocket.PairAsync(address);
        _sessions.Tell(new NewSession(accepted, SessionTarget.Of("forward-1", _forward!, Profile)), ActorRefs.NoSender);
        return (new ScriptedClient(client), isTurnedAway ? null : await _control!.ReadAsync().Soon());
    }

    /// <summary>Another client of the same forward, who is turned away.</summary>
    public async Task ComeAgainAsync()
    {
        var (client, accepted) = await DataSocket.PairAsync();
        using var _ = client;
        var forward = new ForwardOptions { Kind = ForwardKind.Ftp, ListenPort = 0, Host = Host, HostPort = 21 };
        _sessions.Tell(new NewSession(accepted, SessionTarget.Of("forward-1", forward, Profile)), ActorRefs.NoSender);
        await client.ReadToFinAsync();
    }

    public Task TerminateAsync() => _system.Terminate().Soon();

    /// <summary>The session is over, and nothing of it is left.</summary>
    public async Task ExpectNothingLeftAsync()
    {
        await Patience.UntilAsync(() => Transport.OpenChannels.Count == 0, "all channels closed");
        await Patience.UntilAsync(() => Transport.Listeners.Count == 0, "all remote listeners cancelled");
        await Patience.UntilAsync(async () => await SessionCountAsync() == 0, "no session left");
        Assert.Single(
            Log.Lines,
            line => line.Contains(" ended: ", StringComparison.Ordinal) && line.StartsWith("s1 ended", StringComparison.Ordinal));
    }

    public async Task<int> SessionCountAsync() =>
        (await _directory.Ask<DirectoryActor.Sessions>(DirectoryActor.GetSessions.Instance, CancellationToken.None).Soon()).All.Count;

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate().Soon();
        Client?.Dispose();
        _stopping.Dispose();
        Assert.Empty(Transport.Violations);
        Assert.True(ExpectsDefect == Log.Errors.Any(), string.Join('\n', Log.Errors));
        Assert.Empty(Transport.OpenChannels);
        Assert.Empty(Transport.Listeners);
        Assert.Empty(DataTransport.OpenChannels);
    }

    private async Task<DataSocket> NewSessionAsync(ForwardOptions forward, IPAddress? address)
    {
        var (client, accepted) = await DataSocket.PairAsync(address);
        if (forward.Kind == ForwardKind.Ftp)
            Client = new ScriptedClient(client);
        var profile = Spreads ? Profile with { Pool = new() { ConnectionsPerIdentity = 2 } } : Profile;
        _sessions.Tell(new NewSession(accepted, SessionTarget.Of("forward-1", forward, profile)), ActorRefs.NoSender);
        return client;
    }

    /// <summary>Stands for the tunnels: the connection is there, or cannot be.</summary>
    internal sealed class TestPool : ReceiveActor
    {
        public TestPool(ISshTransport transport, ISshTransport data, TunnelFailed? failed)
        {
            Receive<GetTunnel>(_ => Sender.Tell(failed is null ? new TunnelReady(transport) : failed));
            Receive<GetDataTunnel>(get => Sender.Tell(new TunnelReady(get.Control == transport ? data : transport)));
        }
    }

    private sealed class TrustNobody : IHostKeyPolicy
    {
        public IReadOnlyList<string> KnownKeyTypes => [];

        public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
