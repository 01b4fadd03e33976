using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Sessions.Data;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Ssh;
using ActorTunnel.Ssh.Channels;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>A data channel that breaks while the transfer command is on its way to the server already.</summary>
public sealed class CrossingTests : IAsyncLifetime, IDisposable
{
    private const int ServerPort = 3001;

    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly LogCapture _log = new();
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTransport _transport = new();
    private readonly List<IDisposable> _sockets = [];

    private Probe _session = null!;
    private FarEnd _server = null!;
    private IActorRef _data = null!;

    public async Task InitializeAsync()
    {
        var target = _transport.Serve(FtpScenario.Host, ServerPort);
        var (client, control) = await DataSocket.PairAsync();
        _sockets.AddRange([client, control]);
        _session = new Probe(_system);
        var services = new EngineServices(_log, _time);
        var newSession = new NewSession(
            control,
            SessionTarget.Of(
                "forward-1",
                new ForwardOptions { Kind = ForwardKind.Ftp, ListenPort = 0, Host = FtpScenario.Host, HostPort = 21 },
                FtpScenario.Profile));
        var context = new DataChannelContext
        {
            SessionId = "s1",
            Mode = "passive",
            Transport = _transport,
            Tunnels = ActorRefs.Nobody,
            Listener = new SessionListener(_transport, "127.0.0.1", _time),
            ServerControl = new ChannelStream(_transport.Open(new ChannelWindow(64 * 1024, 64 * 1024))),
            Route = new LocalRoute(newSession, _time),
            Audit = SessionAudit.Of("s1", newSession, services),
            Meter = new DataMeter(),
            Services = services,
            Logger = _log,
        };
        var session = _session.Ref;
        _system.ActorOf(Props.Create(() => new Parent(context, session)));
        _data = (IActorRef)await _session.ExpectAsync();
        var ready = await _session.ExpectAsync<DataReady>();
        _server = await target.ReadAsync().Soon();

        // The client's connection, with a first part of its file; then a second connection, which breaks the data channel.
        var first = await DataSocket.ConnectAsync(ready.EndPoint);
        _sockets.Add(first);
        await first.SendAsync("part"u8.ToArray());
        await _server.ReadAsync(4);
        await DataSocket.ExpectTurnedAwayAsync(ready.EndPoint);
        await _session.ExpectAsync<DataUnavailable>();
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate().Soon();
        await _transport.DisposeAsync();
    }

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _log.Dispose();
    }

    [Fact]
    public async Task An_upload_keeps_its_channel_until_the_server_has_answered()
    {
        _data.Tell(new TransferBegins(FtpCommand.Create("STOR file"), Begun: 0), ActorRefs.NoSender);
        await _session.ExpectAsync<AbortTransfer>();
        Assert.True(_server.Channel.IsOpen, "The server would take the part for the whole file.");

        _data.Tell(new TransferEnds(Code: 426), ActorRefs.NoSender);

        Assert.Equal(Failure.Policy, (await _session.ExpectAsync<DataDone>()).Failure);
        await Patience.UntilAsync(() => !_server.Channel.IsOpen, "the channel closed");
        Assert.False(_server.Channel.EofSent);
    }

    [Theory]
    [InlineData("STOR file", 330)]
    [InlineData("RETR file", 60)]
    public async Task A_server_that_does_not_answer_is_not_waited_for_for_ever(string command, int seconds)
    {
        _data.Tell(new TransferBegins(FtpCommand.Create(command), Begun: 0), ActorRefs.NoSender);

        await _time.ElapseAsync(TimeSpan.FromSeconds(seconds));

        await _session.UntilAsync<DataDone>();
    }

    /// <summary>Stands for the control channel; the test hears what it hears.</summary>
    private sealed class Parent : ReceiveActor
    {
        public Parent(DataChannelContext context, IActorRef session)
        {
            var (server, profile) = (PassiveReply.Parse(FtpReply.Create(229, $"(|||{ServerPort}|)"))!, FtpScenario.Profile);
            session.Tell(Context.ActorOf(Props.Create(() => new PassiveDataChannelActor(context, server, profile))));
            Receive<DataDone>(done =>
            {
                session.Tell(done);
                Context.Stop(Sender);
            });
            Receive<object>(message => session.Tell(message));
        }
    }
}
