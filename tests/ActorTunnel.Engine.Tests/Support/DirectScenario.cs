using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Support;

/// <summary>
/// One session with the real session actors whose client and server are both on loopback sockets; what is asked for an SSH connection
/// answers as the test says.
/// </summary>
internal sealed class DirectScenario : IAsyncDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly Socket _listener = Listen();
    private readonly List<IDisposable> _sockets = [];
    private readonly IActorRef _directory;
    private readonly IActorRef _sessions;

    /// <param name="answer">What whoever asks for an SSH connection hears.</param>
    public DirectScenario(object? answer = null)
    {
        var services = new EngineServices(Log, Time) { AuditSink = Audit };
        var reply = answer ?? TunnelFailed.Defect;
        var tunnels = _system.ActorOf(Props.Create(() => new Answering(reply)));
        var directory = _system.ActorOf(Props.Create(() => new DirectoryActor()));
        _system.ActorOf(Props.Create(() => new FailureLog(services)));
        _system.ActorOf(Props.Create(() => new DeadLetterOffice()));
        _directory = directory;
        _sessions = _system.ActorOf(Props.Create(() => new SessionsActor(tunnels, directory, services)));
    }

    public ManualTimeProvider Time { get; } = new();

    public LogCapture Log { get; } = new();

    public AuditCapture Audit { get; } = new();

    /// <summary>The client's end of its connection.</summary>
    public DataSocket Client { get; private set; } = null!;

    /// <summary>The same, line by line.</summary>
    public ScriptedClient Ftp => field ??= new ScriptedClient(Client);

    public ScriptedClient Server { get; private set; } = null!;

    /// <summary>Where the server listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>An FTP session without SSH whose greeting the client has read.</summary>
    public static async Task<DirectScenario> StartAsync(FtpOptions? options = null)
    {
        var scenario = new DirectScenario();
        await scenario.NewSessionAsync(ForwardKind.Ftp, target => target with { Ftp = options ?? new() });
        await scenario.GreetAsync();
        return scenario;
    }

    /// <summary>A client goes to the server, unless <paramref name="change"/> says otherwise.</summary>
    public async Task NewSessionAsync(ForwardKind kind, Func<SessionTarget, SessionTarget>? change = null)
    {
        var (client, accepted) = await DataSocket.PairAsync();
        Client = Own(client);
        var target = new SessionTarget { Entry = "test", Kind = kind, Host = "127.0.0.1", Port = Port, Profile = null };
        _sessions.Tell(new NewSession(accepted, change?.Invoke(target) ?? target), ActorRefs.NoSender);
    }

    public async Task GreetAsync()
    {
        Server = new ScriptedClient(await AcceptAsync());
        await Server.SendAsync("220 ready");
        await Ftp.ExpectAsync("220 ready");
    }

    /// <summary>The next connection to the server.</summary>
    public async Task<DataSocket> AcceptAsync() => Own(new DataSocket(await _listener.AcceptAsync().Soon()));

    /// <summary>A command and its reply, as they are.</summary>
    public async Task ExchangeAsync(string command, string reply)
    {
        await Ftp.SendAsync(command);
        await Server.ExpectAsync(command);
        await Server.SendAsync(reply);
        await Ftp.ExpectAsync(reply);
    }

    /// <summary>A transfer that has begun over EPSV, with both ends of its data connection.</summary>
    public async Task<(DataSocket Client, DataSocket Server)> BeginAsync(string command)
    {
        using var listener = Listen();
        await Ftp.SendAsync("EPSV");
        await Server.ExpectAsync("EPSV");
        await Server.SendAsync($"229 Extended Passive Mode (|||{((IPEndPoint)listener.LocalEndPoint!).Port}|)");
        var port = int.Parse((await Ftp.ExpectAsync(229)).Split('|')[3], null as IFormatProvider);
        var server = Own(new DataSocket(await listener.AcceptAsync().Soon()));
        var client = Own(await DataSocket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)));
        await ExchangeAsync(command, "150 here it comes");
        return (client, server);
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
        Assert.False(Log.Errors.Any(), string.Join('\n', Log.Errors));
        Log.Dispose();
    }

    private DataSocket Own(DataSocket socket)
    {
        _sockets.Add(socket);
        return socket;
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private sealed class Answering : ReceiveActor
    {
        public Answering(object answer) => Receive<GetTunnel>(_ => Sender.Tell(answer));
    }
}
