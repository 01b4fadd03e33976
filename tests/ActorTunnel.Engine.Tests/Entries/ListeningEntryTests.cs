using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Entries;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Entries;

public sealed class ListeningEntryTests
{
    private static readonly object _defect = new();

    [Fact]
    public async Task An_entry_that_could_not_listen_anew_at_once_takes_clients_when_it_can()
    {
        var system = ActorSystem.Create("test");
        using var log = new LogCapture();
        var time = new ManualTimeProvider();
        var services = new EngineServices(log, time);
        var clients = new Probe(system);
        using var port = new TakenPort();
        var entry = system.ActorOf(Props.Create(() => new Entry(port, clients.Ref, services)));
        await entry.Ask<ListeningEntryActor.Listening>(ListeningEntryActor.Open.Instance, CancellationToken.None).Soon();
        entry.Tell(_defect, ActorRefs.NoSender);
        await Patience.UntilAsync(() => log.Lines.Any(line => line.Contains("cannot listen", StringComparison.Ordinal)), "a failure");

        port.Dispose();
        await time.ElapseAsync(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));
        await Patience.UntilAsync(() => log.Lines.Count(line => line.StartsWith("Listening on", StringComparison.Ordinal)) == 2, "a listener");

        using var client = await DataSocket.ConnectAsync(port.EndPoint);
        using var taken = await clients.ExpectAsync<Socket>();
        Assert.Equal(client.Socket.LocalEndPoint, taken.RemoteEndPoint);
        await system.Terminate().Soon();
    }

    /// <summary>Somebody else has it from the moment that the entry loses it.</summary>
    private sealed class TakenPort : IDisposable
    {
        private Socket? _other;

        public TakenPort()
        {
            Take(0);
            EndPoint = (IPEndPoint)_other!.LocalEndPoint!;
            Dispose();
        }

        public IPEndPoint EndPoint { get; }

        public void Take(int port)
        {
            _other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _other.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _other.Listen();
        }

        public void Dispose() => _other!.Dispose();
    }

    private sealed class Entry : ListeningEntryActor
    {
        private readonly TakenPort _port;
        private readonly IActorRef _clients;

        public Entry(TakenPort port, IActorRef clients, EngineServices services)
            : base([port.EndPoint], "a test", services)
        {
            (_port, _clients) = (port, clients);
            Receive<object>(_ => throw new InvalidOperationException("a defect"));
        }

        protected override void Take(Socket client) => _clients.Tell(client);

        protected override void PostRestart(Exception reason)
        {
            _port.Take(_port.EndPoint.Port);
            base.PostRestart(reason);
        }
    }
}
