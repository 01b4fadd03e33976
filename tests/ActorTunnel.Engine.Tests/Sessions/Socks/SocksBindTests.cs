using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Engine.Socks;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Socks;

/// <summary>Active mode of FTP clients that know nothing but SOCKS: BIND (RFC 1928, sections 4 and 6).</summary>
public class SocksBindTests
{
    private const string Host = "10.0.0.9";
    private const byte Bind = 2;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A16_a_transfer_goes_over_the_BIND_whose_address_the_PORT_names(bool isDownload, bool isExtended)
    {
        await using var socks = await StartAsync();
        var (data, reserved) = await BindAsync(socks);
        var port = await PortAsync(socks, reserved, isExtended);
        Assert.Equal(0, data.Socket.Available);
        await socks.ExchangeAsync(isDownload ? "RETR file" : "STOR file", "150 here it comes");

        var server = await ConnectAsync(socks, port);

        Assert.Equal(SecondReply(new IPEndPoint(IPAddress.Parse(Host), 50000)), await data.ReadAsync(10)); // As the client knows the server.
        if (isDownload)
        {
            await server.SendAsync("abc"u8.ToArray());
            server.Close();
            Assert.Equal("abc"u8.ToArray(), await data.ReadAsync(3));
        }
        else
        {
            await data.SendAsync("abc"u8.ToArray());
            data.Finish();
            Assert.Equal(("abc", true), Text(await server.ReadToEndAsync()));
        }

        await socks.Server.SayAsync("226 done");
        if (isDownload)
            Assert.Empty(await data.ReadToFinAsync());
        await socks.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task F2_SOCKS_4_is_answered_twice_in_its_own_words()
    {
        await using var scenario = await SocksScenario.StartAsync(Rule);
        var target = scenario.Transport.Serve(Host, 21);
        var connection = await scenario.ConnectAsync([4, 1, 0, 21, 10, 0, 0, 9, 0]);
        Assert.Equal([0, 90, 0, 0, 0, 0, 0, 0], await connection.ReadAsync(8));
        var client = new ScriptedClient(connection);
        var control = await target.ReadAsync().Soon();
        await control.SayAsync("220 ready");
        await client.ExpectAsync("220 ready");

        var data = await scenario.ConnectAsync([4, Bind, 0, 21, 10, 0, 0, 9, 0]);
        var reply = await data.ReadAsync(8);
        Assert.Equal([0, 90], reply[..2]);
        await client.SendAsync($"PORT 127,0,0,1,{reply[2]},{reply[3]}");
        var port = ParsePort(await control.ReadLineAsync());
        await control.SayAsync("200 ok");
        await client.ExpectAsync("200 ok");
        await client.SendAsync("RETR file");
        await control.ExpectAsync("RETR file");
        var server = await scenario.Transport.ConnectAsync(port).Soon();

        Assert.Equal([0, 90, 50000 >> 8, 50000 & 255, 10, 0, 0, 9], await data.ReadAsync(8));
        await server!.SendAsync("abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), await data.ReadAsync(3));
    }

    [Fact]
    public async Task Until_a_PORT_names_it_nothing_is_opened_and_nobody_can_connect_there()
    {
        await using var socks = await StartAsync();
        var (_, reserved) = await BindAsync(socks);

        Assert.Equal(0, socks.Scenario.Transport.Listens);
        await Assert.ThrowsAsync<SocketException>(() => DataSocket.ConnectAsync(reserved));
        using var other = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<SocketException>(() => other.Bind(reserved));
    }

    [Fact]
    public async Task A_PORT_names_a_BIND_once()
    {
        await using var socks = await StartAsync();
        var (_, reserved) = await BindAsync(socks);
        await PortAsync(socks, reserved);

        // Now it is a PORT like any other: to a listener of the client.
        await PortAsync(socks, reserved);
        await socks.Client.SendAsync("RETR file");
        await socks.Server.ExpectAsync("RETR file");

        Assert.Equal(2, socks.Scenario.Transport.Listens);
    }

    [Fact]
    public async Task Without_a_PORT_it_is_over_after_a_minute()
    {
        await using var socks = await StartAsync();
        var (data, reserved) = await BindAsync(socks);

        await socks.Scenario.Time.ElapseAsync(TimeSpan.FromSeconds(60));

        await SocksScenario.ExpectRefusedAsync(data, (byte)Socks5ReplyCode.HostUnreachable);
        await socks.Scenario.UntilLoggedAsync("no PORT has named its address in time");
        await UntilFreeAsync(reserved);
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_address()
    {
        await using var socks = await StartAsync();
        var (data, reserved) = await BindAsync(socks);

        data.Dispose();

        await UntilFreeAsync(reserved);
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_server_connects_breaks_the_transfer()
    {
        await using var socks = await StartAsync();
        var (data, reserved) = await BindAsync(socks);
        var port = await PortAsync(socks, reserved);
        await socks.ExchangeAsync("RETR file", "150 here it comes");

        data.Dispose();
        await Patience.UntilAsync(() => !data.Socket.Connected, "its end");
        Assert.Null(await socks.Scenario.Transport.ConnectAsync(port).Soon());

        await socks.Server.ExpectAsync("ABOR");
        await socks.Server.SayAsync("425 no connection");
        await socks.Server.SayAsync("226 aborted");
        await socks.Client.ExpectAsync(425);
    }

    [Fact]
    public async Task A_data_channel_that_is_replaced_tells_its_client()
    {
        await using var socks = await StartAsync();
        var (first, reserved) = await BindAsync(socks);
        await PortAsync(socks, reserved);

        await socks.PassiveAsync();

        await SocksScenario.ExpectRefusedAsync(first, (byte)Socks5ReplyCode.GeneralFailure);
    }

    [Fact]
    public async Task An_SSH_server_that_does_not_listen_is_told_to_both_connections()
    {
        await using var socks = await StartAsync();
        socks.Scenario.Transport.RefusesListeners = true;
        var (data, reserved) = await BindAsync(socks);

        await socks.Client.SendAsync(Port(reserved));

        await SocksScenario.ExpectRefusedAsync(data, (byte)Socks5ReplyCode.NotAllowed);
        await socks.Client.ExpectAsync(425);
    }

    [Theory]
    [InlineData(Host, false)]
    [InlineData("localhost", true)]
    public async Task A16_where_the_server_cannot_connect_its_passive_mode_serves_the_BIND(string host, bool refusesListeners)
    {
        await using var socks = await SocksFtp.StartAsync(host, SocksScenario.Rule(FilterAction.FtpTunnel));
        socks.Scenario.Transport.RefusesListeners = refusesListeners;
        var (data, reserved) = await BindAsync(socks);
        var target = socks.Scenario.Transport.Serve(host, 3001);
        await socks.Client.SendAsync(Port(reserved));
        await socks.Server.ExpectAsync("PASV");
        await socks.Server.SayAsync("227 (10,0,0,9,11,185)");
        await socks.Client.ExpectAsync("200 PORT command successful.");
        Assert.Equal(0, data.Socket.Available); // Its second reply means that the server has connected.
        await socks.ExchangeAsync("STOR file", "150 here it comes");

        Assert.Equal(SecondReply(new IPEndPoint(IPAddress.Parse(Host), 3001)), await data.ReadAsync(10));
        await data.SendAsync("abc"u8.ToArray());
        data.Finish();
        Assert.Equal(("abc", true), Text(await (await target.ReadAsync().Soon()).ReadToEndAsync()));
        await socks.Server.SayAsync("226 done");
        await socks.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task A_server_without_passive_mode_is_told_to_both_connections()
    {
        await using var socks = await SocksFtp.StartAsync(Host, SocksScenario.Rule(FilterAction.FtpTunnel));
        var (data, reserved) = await BindAsync(socks);
        await socks.Client.SendAsync(Port(reserved));
        await socks.Server.ExpectAsync("PASV");
        await socks.Server.SayAsync("530 log in");

        await socks.Client.ExpectAsync("530 log in");
        await SocksScenario.ExpectRefusedAsync(data, (byte)Socks5ReplyCode.GeneralFailure);
    }

    [Fact]
    public async Task One_client_has_a_bounded_number_of_them()
    {
        await using var socks = await StartAsync();
        for (var i = 0; i < Rendezvous.MaxReservations; i++)
            await BindAsync(socks);

        await SocksScenario.ExpectRefusedAsync(
            await socks.Scenario.AskAsync(Host, 21, Bind), (byte)Socks5ReplyCode.GeneralFailure);
    }

    [Theory]
    [InlineData(FilterAction.Block)]
    [InlineData(FilterAction.Tunnel)]
    [InlineData(FilterAction.Direct)]
    public async Task Only_FTP_tunnels_have_BIND(FilterAction action)
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(action));

        await SocksScenario.ExpectRefusedAsync(await scenario.AskAsync(Host, 21, Bind), (byte)Socks5ReplyCode.NotAllowed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(21)]
    public async Task The_rule_of_the_control_connection_holds_whatever_port_the_client_names(int port)
    {
        var rule = SocksScenario.Rule(FilterAction.FtpTunnel) with { Ports = [new(21, 21)] };
        await using var scenario = await SocksScenario.StartAsync(rule);

        var data = await scenario.AskAsync(Host, port, Bind);

        Assert.Equal([5, 0, 0, 1, 127, 0, 0, 1], (await data.ReadAsync(10))[..8]);
    }

    [Fact]
    public async Task Who_stops_lets_them_go()
    {
        await using var socks = await StartAsync();
        var (data, reserved) = await BindAsync(socks);

        socks.Scenario.Sessions.Tell(EndWhenIdle.Instance, ActorRefs.NoSender);

        await SocksScenario.ExpectRefusedAsync(data, (byte)Socks5ReplyCode.GeneralFailure);
        await UntilFreeAsync(reserved);
    }

    /// <summary>The server connects to a listener on the SSH server, wherever it is.</summary>
    private static FilterRule Rule { get; } =
        SocksScenario.Rule(FilterAction.FtpTunnel) with { Ftp = new() { DataMode = ServerDataMode.Active } };

    private static Task<SocksFtp> StartAsync() => SocksFtp.StartAsync(Host, Rule);

    /// <summary>BIND, and the address in its first reply.</summary>
    private static async Task<(DataSocket Data, IPEndPoint Reserved)> BindAsync(SocksFtp socks)
    {
        var data = await socks.Scenario.AskAsync(Host, 21, Bind);
        var reply = await data.ReadAsync(10);
        Assert.Equal([5, 0, 0, 1], reply[..4]);
        return (data, new IPEndPoint(new IPAddress(reply.AsSpan(4, 4)), (reply[8] << 8) + reply[9]));
    }

    /// <summary>The PORT or EPRT, its success, and the port that the server has to connect to on the SSH server.</summary>
    private static async Task<int> PortAsync(SocksFtp socks, IPEndPoint named, bool isExtended = false)
    {
        await socks.Client.SendAsync(isExtended ? $"EPRT |1|{named.Address}|{named.Port}|" : Port(named));
        var port = ParsePort(await socks.Server.ReadLineAsync());
        await socks.Server.SayAsync("200 ok");
        await socks.Client.ExpectAsync("200 ok");
        return port;
    }

    private static string Port(IPEndPoint named) =>
        $"PORT {named.Address.ToString().Replace('.', ',')},{named.Port >> 8},{named.Port & 255}";

    private static int ParsePort(string? line)
    {
        Assert.StartsWith("PORT 127,0,0,1,", line, StringComparison.Ordinal);
        var numbers = line!.Split(',');
        return (int.Parse(numbers[4], CultureInfo.InvariantCulture) << 8) + int.Parse(numbers[5], CultureInfo.InvariantCulture);
    }

    private static async Task<FarEnd> ConnectAsync(SocksFtp socks, int port) =>
        await socks.Scenario.Transport.ConnectAsync(port).Soon() ?? throw new InvalidOperationException("The connection was refused.");

    private static byte[] SecondReply(IPEndPoint server) =>
        [5, 0, 0, 1, .. server.Address.GetAddressBytes(), (byte)(server.Port >> 8), (byte)server.Port];

    private static (string Text, bool IsWhole) Text((byte[] Bytes, bool IsWhole) end) =>
        (System.Text.Encoding.ASCII.GetString(end.Bytes), end.IsWhole);

    private static Task UntilFreeAsync(IPEndPoint reserved) => Patience.UntilAsync(
        () =>
        {
            using var socket = new Socket(
                AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(reserved);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "its address is free");
}
