using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Entries;

/// <summary>By the public interface: listeners, networks, names.</summary>
public sealed class SocksEntryTests : IAsyncLifetime, IDisposable
{
    private static readonly IPEndPoint _anyPort = new(IPAddress.Loopback, 0);

    private readonly LogCapture _log = new();
    private TunnelEngine _engine = null!;

    public Task InitializeAsync()
    {
        _engine = new TunnelEngine(_log, TimeProvider.System);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _engine.DisposeAsync().AsTask();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Until_there_are_rules_everything_is_refused()
    {
        var proxy = Assert.Single(await OpenAsync(new SocksOptions { Listen = [_anyPort] }));
        using var client = await DataSocket.ConnectAsync(proxy);

        await client.SendAsync(new byte[] { 4, 1, 0, 80, 10, 0, 0, 9, 0 });

        Assert.Equal([0, 91, 0, 0, 0, 0, 0, 0], await client.ReadToFinAsync());
    }

    [Fact]
    public async Task A_client_of_another_network_is_turned_away()
    {
        var proxy = Assert.Single(await OpenAsync(new SocksOptions { Listen = [_anyPort], Clients = [IPNetwork.Parse("127.0.0.2/32")] }));

        await DataSocket.ExpectTurnedAwayAsync(proxy, IPAddress.Parse("127.0.0.3"));

        Assert.Contains(_log.Warnings, line => line.Contains("127.0.0.3", StringComparison.Ordinal)
            && line.Contains("no network of SOCKS clients", StringComparison.Ordinal));
        using var client = await DataSocket.ConnectAsync(proxy, IPAddress.Parse("127.0.0.2"));
        await client.SendAsync(new byte[] { 5, 1, 0 });
        Assert.Equal([5, 0], await client.ReadAsync(2));
    }

    [Fact]
    public async Task Who_only_greets_keeps_no_other_out()
    {
        const int most = 2000;
        var proxy = Assert.Single(await OpenAsync(new SocksOptions { Listen = [_anyPort] }));
        var silent = new List<DataSocket>();
        for (var i = 0; i < most; i++)
        {
            silent.Add(await DataSocket.ConnectAsync(proxy));
            Assert.True(await AnswersAsync(silent[i])); // Taken: a connection may overtake another in the kernel.
        }

        await DataSocket.ExpectTurnedAwayAsync(proxy);
        using (var other = await DataSocket.ConnectAsync(proxy, IPAddress.Parse("127.0.0.2")))
            Assert.True(await AnswersAsync(other));

        silent.ForEach(client => client.Dispose());
        await Patience.UntilAsync(
            async () =>
            {
                using var again = await DataSocket.ConnectAsync(proxy);
                return await AnswersAsync(again);
            },
            "room for the same address");

        static async Task<bool> AnswersAsync(DataSocket client)
        {
            try
            {
                await client.SendAsync(new byte[] { 5, 1, 0 });
                return (await client.ReadAsync(2)).Length == 2;
            }
            catch (SocketException)
            {
                return false; // Turned away.
            }
        }
    }

    [Fact]
    public async Task Several_addresses_are_listened_on_each_at_its_port()
    {
        var proxies = await OpenAsync(new SocksOptions { Listen = [_anyPort, new IPEndPoint(IPAddress.IPv6Loopback, 0)] });

        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], proxies.Select(proxy => proxy.Address));
    }

    [Theory]
    [InlineData("0.0.0.0", false, "", "lets other machines in")]
    [InlineData("192.0.2.1", false, "10.0.0.0/8", "lets other machines in")]
    [InlineData("0.0.0.0", true, "", "AllowRelay needs Clients")]
    public async Task Other_machines_are_let_in_only_when_that_is_said_and_whom(string listen, bool allowRelay, string clients, string problem)
    {
        var options = new SocksOptions
        {
            Listen = [_anyPort, new IPEndPoint(IPAddress.Parse(listen), 0)],
            AllowRelay = allowRelay,
            Clients = [.. clients.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)],
        };

        var failed = await Assert.ThrowsAsync<TunnelException>(() => OpenAsync(options));

        Assert.Equal(Failure.Configuration, failed.Failure);
        Assert.Contains(problem, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_addresses_can_be_listened_on()
    {
        var options = new SocksOptions
        {
            Listen = [new IPEndPoint(IPAddress.Any, 0)], AllowRelay = true, Clients = [IPNetwork.Parse("127.0.0.0/8")],
        };
        var proxy = Assert.Single(await OpenAsync(options));
        using var client = await DataSocket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, proxy.Port));

        await client.SendAsync(new byte[] { 5, 1, 0 });

        Assert.Equal([5, 0], await client.ReadAsync(2));
    }

    [Fact]
    public async Task An_entry_is_closed_by_its_name_and_its_port_is_free_for_another()
    {
        var proxy = Assert.Single(await OpenAsync(new SocksOptions { Name = "proxy", Listen = [_anyPort] }));

        Assert.True(await _engine.CloseEntryAsync("proxy", CancellationToken.None).Soon());

        Assert.Equal(proxy, Assert.Single(await OpenAsync(new SocksOptions { Name = "proxy", Listen = [proxy] })));
        Assert.False(await _engine.CloseEntryAsync("other", CancellationToken.None).Soon());
    }

    [Fact]
    public async Task Sessions_of_a_closed_entry_go_on()
    {
        using var server = new System.Net.Sockets.TcpListener(_anyPort);
        server.Start();
        var target = (IPEndPoint)server.LocalEndpoint;
        _engine.Apply(new RuleSet([new FilterRule { Name = "here", Action = FilterAction.Direct, Hosts = ["127.0.0.1"] }]));
        var proxy = Assert.Single(await OpenAsync(new SocksOptions { Name = "proxy", Listen = [_anyPort] }));
        using var client = await DataSocket.ConnectAsync(proxy);
        await client.SendAsync(new byte[] { 4, 1, (byte)(target.Port >> 8), (byte)target.Port, 127, 0, 0, 1, 0 });
        Assert.Equal([0, 90, 0, 0, 0, 0, 0, 0], await client.ReadAsync(8));
        using var accepted = new DataSocket(await server.AcceptSocketAsync().Soon());

        Assert.True(await _engine.CloseEntryAsync("proxy", CancellationToken.None).Soon());

        await accepted.SendAsync("still here"u8.ToArray());
        Assert.Equal("still here"u8.ToArray(), await client.ReadAsync(10));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_until_it_is_free_also_by_failing()
    {
        var proxy = Assert.Single(await OpenAsync(new SocksOptions { Name = "proxy", Listen = [_anyPort] }));

        var taken = await Assert.ThrowsAsync<TunnelException>(() => OpenAsync(new SocksOptions { Name = "proxy", Listen = [_anyPort] }));
        var inUse = await Assert.ThrowsAsync<TunnelException>(() => OpenAsync(new SocksOptions { Name = "second", Listen = [proxy] }));

        Assert.Equal((Failure.Configuration, Failure.Listen), (taken.Failure, inUse.Failure));
        await Patience.UntilAsync(async () => !await _engine.CloseEntryAsync("second", CancellationToken.None), "the name free");
        await OpenAsync(new SocksOptions { Name = "second", Listen = [_anyPort] });
    }

    [Fact]
    public async Task Forwards_have_names_too()
    {
        var forward = new ForwardOptions { Name = "db", ListenPort = 0, Host = "db.internal", HostPort = 5432 };
        await _engine.ForwardAsync(forward, FtpScenario.Profile, CancellationToken.None).Soon();

        Assert.True(await _engine.CloseEntryAsync("db", CancellationToken.None).Soon());
        Assert.False(await _engine.CloseEntryAsync("db", CancellationToken.None).Soon());
    }

    private Task<IReadOnlyList<IPEndPoint>> OpenAsync(SocksOptions options) =>
        _engine.OpenSocksAsync(options, CancellationToken.None).Soon();
}
