using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Entries;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Entries;

public sealed class ForwardEntryTests : IAsyncLifetime, IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly LogCapture _log = new();
    private Probe _sessions = null!;

    public Task InitializeAsync()
    {
        _sessions = new Probe(_system);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _system.Terminate().Soon();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Every_connection_becomes_a_session()
    {
        var endPoint = Assert.Single((await ListenAsync([IPAddress.Loopback])).EndPoints);

        for (var i = 0; i < 3; i++)
        {
            using var client = await DataSocket.ConnectAsync(endPoint);
            var session = await _sessions.ExpectAsync<NewSession>();
            Assert.Equal(client.Socket.LocalEndPoint, session.Client.RemoteEndPoint);
            session.Release();
            await client.ExpectResetAsync();
        }
    }

    [Fact]
    public async Task Both_families_listen_on_the_same_free_port()
    {
        var listening = await ListenAsync([IPAddress.Loopback, IPAddress.IPv6Loopback]);

        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], listening.EndPoints.Select(endPoint => endPoint.Address));
        Assert.Single(listening.EndPoints.Select(endPoint => endPoint.Port).Distinct());
    }

    [Fact]
    public async Task A_second_address_that_this_machine_does_not_have_may_be_missing()
    {
        var listening = await ListenAsync([IPAddress.Loopback, IPAddress.Parse("2001:db8::1")]);

        Assert.Equal(IPAddress.Loopback, Assert.Single(listening.EndPoints).Address);
        Assert.Contains(_log.Lines, line => line.StartsWith("Not listening on 2001:db8::1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_first_address_that_this_machine_does_not_have_is_a_failure()
    {
        var failed = Assert.IsType<TunnelFailed>(await OpenAsync([IPAddress.Parse("192.0.2.1"), IPAddress.Loopback], 0));

        Assert.Equal(Failure.Listen, failed.Failure);
        Assert.Contains("does not have that address", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_a_failure_that_names_it()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();

        var failed = Assert.IsType<TunnelFailed>(await OpenAsync([IPAddress.Loopback], ((IPEndPoint)taken.LocalEndPoint!).Port));

        Assert.Equal(Failure.Listen, failed.Failure);
        Assert.Contains($"{taken.LocalEndPoint}: the port is in use", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_entry_takes_no_more_clients()
    {
        var (entry, listening) = await StartAsync([IPAddress.Loopback]);

        entry.Tell(ListeningEntryActor.Close.Instance, ActorRefs.NoSender);

        await Patience.UntilAsync(() => IsRefused(listening.EndPoints[0]), "the listener closed");
    }

    private static bool IsRefused(IPEndPoint endPoint)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(endPoint);
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private async Task<ListeningEntryActor.Listening> ListenAsync(IReadOnlyList<IPAddress> addresses) =>
        (await StartAsync(addresses)).Listening;

    private async Task<(IActorRef Entry, ListeningEntryActor.Listening Listening)> StartAsync(IReadOnlyList<IPAddress> addresses)
    {
        var entry = Entry(addresses, 0);
        return (entry, await entry.Ask<ListeningEntryActor.Listening>(ListeningEntryActor.Open.Instance, CancellationToken.None).Soon());
    }

    private Task<object> OpenAsync(IReadOnlyList<IPAddress> addresses, int port) =>
        Entry(addresses, port).Ask<object>(ListeningEntryActor.Open.Instance, CancellationToken.None).Soon();

    private IActorRef Entry(IReadOnlyList<IPAddress> addresses, int port)
    {
        var forward = new ForwardOptions { ListenAddresses = addresses, ListenPort = port, Host = FtpScenario.Host, HostPort = 21 };
        var services = new EngineServices(_log, new ManualTimeProvider());
        var (profile, sessions) = (FtpScenario.Profile, _sessions.Ref);
        return _system.ActorOf(Props.Create(() => new ForwardEntryActor("forward-1", forward, profile, sessions, services)));
    }
}
