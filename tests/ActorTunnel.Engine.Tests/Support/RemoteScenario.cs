using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Entries;
using ActorTunnel.Engine.Sessions;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>
/// A remote forward with the real actors: a client behind an in-memory SSH connection, and a server on a loopback socket of this machine.
/// </summary>
internal sealed class RemoteScenario : IAsyncDisposable
{
    public const string ClientAddress = "127.0.0.1";

    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly Socket _listener = Listen();
    private readonly List<IDisposable> _sockets = [];
    private readonly IActorRef _directory;
    private readonly IActorRef _entry;

    private RemoteScenario(RemoteForwardOptions forward)
    {
        var services = new EngineServices(Log, Time) { AuditSink = Audit };
        var transport = Transport;
        _system.ActorOf(Props.Create(() => new FailureLog(services)));
        _system.ActorOf(Props.Create(() => new DeadLetterOffice()));
        var tunnels = _system.ActorOf(Props.Create(() => new FtpScenario.TestPool(transport, transport, null)));
        var directory = _system.ActorOf(Props.Create(() => new DirectoryActor()));
        var sessions = _system.ActorOf(Props.Create(() => new SessionsActor(tunnels, directory, services)));
        var there = forward with { HostPort = ((IPEndPoint)_listener.LocalEndPoint!).Port };
        _directory = directory;
        Sessions = sessions;
        _entry = _system.ActorOf(
            Props.Create(() => new RemoteEntryActor(there, FtpScenario.Profile, sessions, tunnels, services)));
    }

    public MemoryTransport Transport { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public LogCapture Log { get; } = new();

    public AuditCapture Audit { get; } = new();

    /// <summary>The parent of the sessions.</summary>
    public IActorRef Sessions { get; }

    /// <summary>The port on the SSH server.</summary>
    public int Port { get; private set; }

    /// <summary>The client's end of its control connection.</summary>
    public FarEnd Client { get; private set; } = null!;

    /// <summary>The server's end of it.</summary>
    public ScriptedClient Server { get; private set; } = null!;

    /// <summary>A remote forward that listens.</summary>
    public static async Task<RemoteScenario> ListenAsync(
        ForwardKind kind = ForwardKind.Ftp, string bind = "localhost", FtpOptions? options = null, bool loopbackOnly = false)
    {
        var forward = new RemoteForwardOptions
        {
            Kind = kind, BindAddress = bind, ListenPort = 0, Host = "127.0.0.1", HostPort = 1, Ftp = options ?? new(),
        };
        var scenario = new RemoteScenario(forward);
        scenario.Transport.BindsLoopbackOnly = loopbackOnly;
        var answer = await scenario._entry
            .Ask<RemoteEntryActor.ForwardedRemotely>(ListeningEntryActor.Open.Instance, CancellationToken.None)
            .Soon();
        scenario.Port = answer.Port;
        return scenario;
    }

    /// <summary>An FTP session whose greeting the client has read.</summary>
    public static async Task<RemoteScenario> StartAsync(
        string bind = "localhost", FtpOptions? options = null, bool loopbackOnly = false, string originator = ClientAddress)
    {
        var scenario = await ListenAsync(ForwardKind.Ftp, bind, options, loopbackOnly);
        scenario.Client = await scenario.ConnectAsync(scenario.Port, originator);
        scenario.Server = new ScriptedClient(await scenario.AcceptAsync());
        await scenario.Server.SendAsync("220 ready");
        await scenario.Client.ExpectAsync("220 ready");
        return scenario;
    }

    public async Task<FarEnd> ConnectAsync(int port, string originator = ClientAddress) =>
        await Transport.ConnectAsync(port, originator).Soon() ?? throw new InvalidOperationException("The engine refused the connection.");

    /// <summary>The next connection to the server.</summary>
    public async Task<DataSocket> AcceptAsync()
    {
        var accepted = new DataSocket(await _listener.AcceptAsync().Soon());
        _sockets.Add(accepted);
        return accepted;
    }

    /// <summary>The server goes: nothing takes connections there.</summary>
    public void CloseServer() => _listener.Dispose();

    /// <summary>A command and its reply, as they are.</summary>
    public async Task ExchangeAsync(string command, string reply)
    {
        await Client.SayAsync(command);
        await Server.ExpectAsync(command);
        await Server.SendAsync(reply);
        await Client.ExpectAsync(reply);
    }

    /// <summary>EPSV: where the client is to connect on the SSH server, and the server's end of the data connection.</summary>
    public async Task<(int Port, DataSocket Server)> PassiveAsync()
    {
        using var listener = Listen();
        await Client.SayAsync("EPSV");
        await Server.ExpectAsync("EPSV");
        await Server.SendAsync($"229 Extended Passive Mode (|||{((IPEndPoint)listener.LocalEndPoint!).Port}|)");
        var reply = await Client.ReadLineAsync();
        Assert.StartsWith("229 ", reply, StringComparison.Ordinal);
        var data = new DataSocket(await listener.AcceptAsync().Soon());
        _sockets.Add(data);
        return (int.Parse(reply!.Split('|')[3], null as IFormatProvider), data);
    }

    /// <summary>A transfer that has begun, with its data connection.</summary>
    public async Task<(FarEnd Client, DataSocket Server)> BeginAsync(string command)
    {
        var (port, server) = await PassiveAsync();
        var client = await ConnectAsync(port);
        await ExchangeAsync(command, "150 here it comes");
        return (client, server);
    }

    /// <summary>Lets the time pass after which the client of an upload that has ended is looked at once more.</summary>
    public Task UntilSecondLookAsync() => Time.ElapseAsync(TimeSpan.FromMilliseconds(250));

    /// <inheritdoc cref="FtpScenario.AnswerSeparationAsync"/>
    public async Task AnswerSeparationAsync()
    {
        await Server.ExpectAsync("NOOP");
        await Server.SendAsync("200 still here, after ABOR");
    }

    public Task ExpectToWorkAsync() => ExchangeAsync("NOOP", "200 still here");

    public Task UntilNoSessionAsync() => Patience.UntilAsync(
        async () =>
            (await _directory.Ask<DirectoryActor.Sessions>(DirectoryActor.GetSessions.Instance, CancellationToken.None).Soon())
                .All.Count == 0,
        "no session left");

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate().Soon();
        _sockets.ForEach(socket => socket.Dispose());
        _listener.Dispose();
        Assert.Empty(Transport.Violations);
        Assert.False(Log.Errors.Any(), string.Join('\n', Log.Errors));
        await Patience.UntilAsync(() => Transport.OpenChannels.Count == 0, "all channels closed");
        Assert.Empty(Transport.Listeners);
        Log.Dispose();
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }
}
