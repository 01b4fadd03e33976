using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>PORT and EPRT: a listener on the SSH server's loopback, and a connection from us to the client.</summary>
public class ActiveTests
{
    private static readonly FtpOptions _listening = new() { DataMode = ServerDataMode.Active };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F1_a_download_by_PORT_or_EPRT_arrives(bool extended)
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await SetUpAsync(ftp, listener, extended);
        await ftp.ExchangeAsync("RETR file", "150 here");
        var far = await ConnectAsync(ftp, port);
        using var data = new DataSocket(await listener.AcceptAsync().Soon());

        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C25_twenty_transfers_ask_for_one_listener()
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);

        for (var i = 0; i < 20; i++)
            await DownloadAsync(ftp, listener, serverPort: 50000 + i);

        Assert.Equal(1, ftp.Transport.Listens);
        Assert.Single(ftp.Transport.Listeners);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1023)]
    public async Task A_server_that_connects_from_a_fixed_port_gets_a_new_port_each_time(int serverPort)
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);

        var first = await DownloadAsync(ftp, listener, serverPort);
        var second = await DownloadAsync(ftp, listener, serverPort);

        Assert.NotEqual(first, second);
        Assert.Equal(2, ftp.Transport.Listens);
        await Patience.UntilAsync(() => ftp.Transport.Listeners.Count == 0, "the remote listeners cancelled");
    }

    [Fact]
    public async Task A_connection_between_two_transfers_is_refused_and_the_next_one_gets_its_own()
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await DownloadAsync(ftp, listener, serverPort: 50000);

        Assert.Null(await ftp.Transport.ConnectAsync(port).Soon());

        Assert.Equal(port, await DownloadAsync(ftp, listener, serverPort: 50001));
    }

    [Theory]
    [InlineData("550 no such file")]
    [InlineData("425 cannot connect")]
    public async Task A_transfer_without_its_connection_leaves_no_port_on_which_it_could_come_late(string reply)
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await SetUpAsync(ftp, listener, extended: false);
        await ftp.ExchangeAsync("RETR missing", reply);

        Assert.NotEqual(port, await DownloadAsync(ftp, listener, serverPort: 50000));
        Assert.DoesNotContain(port, ftp.Transport.Listeners);
    }

    [Fact]
    public async Task A_transfer_that_failed_in_its_middle_leaves_no_listener()
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await SetUpAsync(ftp, listener, extended: false);
        await ftp.ExchangeAsync("RETR file", "150 here");
        var far = await ConnectAsync(ftp, port);
        using var data = new DataSocket(await listener.AcceptAsync().Soon());
        far.Close();
        await ftp.Server.SayAsync("451 disk error");

        await data.ExpectResetAsync();
        await ftp.Client.ExpectAsync("451 disk error");
        await Patience.UntilAsync(() => ftp.Transport.Listeners.Count == 0, "the remote listener cancelled");
    }

    [Fact]
    public async Task With_GatewayPorts_yes_a_stranger_gets_no_data_connection()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _listening, host: "10.0.0.21");
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await SetUpAsync(ftp, listener, extended: false);
        await ftp.ExchangeAsync("RETR file", "150 here");

        Assert.Null(await ftp.Transport.ConnectAsync(port, "192.0.2.1").Soon());

        var far = await ftp.Transport.ConnectAsync(port, "10.0.0.21").Soon();
        using var data = new DataSocket(await listener.AcceptAsync().Soon());
        far!.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Empty(await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task An_upload_by_PORT_arrives_whole()
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await SetUpAsync(ftp, listener, extended: false);
        await ftp.ExchangeAsync("STOR file", "150 go on");
        var far = await ConnectAsync(ftp, port);
        using var data = new DataSocket(await listener.AcceptAsync().Soon());

        await data.SendAsync("abc"u8.ToArray());
        data.Finish();

        Assert.Equal("abc"u8.ToArray(), (await far.ReadToEndAsync()).Bytes);
        Assert.True(far.Channel.EofSent);
        await ftp.Server.SayAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");
    }

    [Fact]
    public async Task EPRT_on_IPv6_listens_on_the_server_s_family()
    {
        await using var ftp = await StartAsync(IPAddress.IPv6Loopback);
        using var listener = DataSocket.Listen(IPAddress.IPv6Loopback);
        await ftp.Client.SendAsync($"EPRT |2|::1|{((IPEndPoint)listener.LocalEndPoint!).Port}|");

        // The server's own address was given by name: IPv4.
        Assert.StartsWith("PORT 127,0,0,1,", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.Server.SayAsync("200 fine");
        await ftp.Client.ExpectAsync("200 fine");
    }

    [Fact]
    public async Task A_server_given_by_its_IPv6_address_hears_EPRT()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _listening, host: "fd00::21");
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;

        await ftp.Client.SendAsync($"PORT 127,0,0,1,{port >> 8},{port & 255}");

        Assert.StartsWith("EPRT |2|::1|", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_DataMode_active_a_refused_remote_listener_is_425()
    {
        await using var ftp = await StartAsync(mode: ServerDataMode.Active);
        ftp.Transport.RefusesListeners = true;

        await ftp.Client.SendAsync("PORT 127,0,0,1,200,0");

        Assert.Contains("refuses to listen", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task With_DataMode_active_a_server_that_refuses_PORT_leaves_no_listener()
    {
        await using var ftp = await StartAsync(mode: ServerDataMode.Active);
        await ftp.Client.SendAsync("PORT 127,0,0,1,200,0");
        await ftp.Server.ReadLineAsync();

        await ftp.Server.SayAsync("500 no active mode");
        Assert.StartsWith("EPRT |1|127.0.0.1|", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.Server.SayAsync("500 nor by EPRT");

        await ftp.Client.ExpectAsync("500 no active mode");
        await Patience.UntilAsync(() => ftp.Transport.Listeners.Count == 0, "the remote listener cancelled");
        await ftp.Client.SendAsync("RETR file");
        await ftp.Client.ExpectAsync(425);
    }

    [Fact]
    public async Task A_second_forwarded_connection_is_refused_and_aborts_the_transfer()
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await SetUpAsync(ftp, listener, extended: false);
        await ftp.ExchangeAsync("RETR file", "150 here");
        var far = await ConnectAsync(ftp, port);
        using var data = new DataSocket(await listener.AcceptAsync().Soon());

        Assert.Null(await ftp.Transport.ConnectAsync(port).Soon());

        await data.ExpectResetAsync();
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 done");
        await ftp.Client.ExpectAsync(426);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_take_the_connection_is_425()
    {
        await using var ftp = await StartAsync();
        var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await SetUpAsync(ftp, listener, extended: false);
        listener.Dispose();
        await ftp.ExchangeAsync("RETR file", "150 here");

        var connecting = ftp.Transport.ConnectAsync(port);

        // At once: a server that looks at its data connection alone (vsftpd) would go on sending into a connection that nobody reads.
        Assert.Null(await connecting.Soon());
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");
        Assert.Contains("the client does not take a connection", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        await ftp.AnswerSeparationAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task An_upload_that_the_client_does_not_connect_for_leaves_the_server_waiting_until_it_has_heard_ABOR()
    {
        await using var ftp = await StartAsync();
        var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await SetUpAsync(ftp, listener, extended: false);
        listener.Dispose();
        await ftp.ExchangeAsync("STOR file", "150 go on");

        var connecting = ftp.Transport.ConnectAsync(port);

        await ftp.Server.ExpectAsync("ABOR");
        Assert.False(connecting.IsCompleted, "The server would store an empty file.");
        await ftp.Server.SayAsync("426 aborted");
        Assert.Contains("the client does not take a connection", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        Assert.Null(await connecting.Soon());
    }

    [Theory]
    [InlineData("STOR file", true)]
    [InlineData("RETR file", false)]
    public async Task A_server_that_connects_as_the_transfer_breaks_sees_no_end_of_an_upload(string transfer, bool waits)
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        await SetUpAsync(ftp, listener, extended: false);
        await ftp.ExchangeAsync(transfer, "150 go on");
        ftp.Client.Close();
        await ftp.Server.ExpectAsync("ABOR");

        var connecting = ftp.Transport.ConnectLateAsync();

        // One too many, behind the first: when it is refused, the first has been dealt with.
        Assert.Null(await ftp.Transport.ConnectLateAsync().Soon());
        Assert.Equal(waits, !connecting.IsCompleted); // Refused, an upload's server would store an empty file.
        await ftp.Server.SayAsync("426 aborted");
        Assert.Null(await connecting.Soon());
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_server_that_never_connects_is_425()
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        await SetUpAsync(ftp, listener, extended: false);
        await ftp.ExchangeAsync("RETR file", "150 here");

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(60));

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("226 done");
        await ftp.Client.ExpectAsync(425);
    }

    [Fact]
    public async Task SSH_lost_with_a_remote_listener_leaves_nothing()
    {
        await using var ftp = await StartAsync();
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        await SetUpAsync(ftp, listener, extended: false);

        ftp.Transport.Lose();

        await ftp.Client.ExpectAsync(421);
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_data_channel_that_fails_by_a_defect_is_a_reset_and_426_and_leaves_nothing()
    {
        await using var ftp = await StartAsync();
        ftp.ExpectsDefect = true;
        ftp.Transport.AcceptFails = true;
        using var listener = DataSocket.Listen(IPAddress.Loopback);
        var port = await SetUpAsync(ftp, listener, extended: false);
        await ftp.ExchangeAsync("RETR file", "150 here");

        var connecting = ftp.Transport.ConnectAsync(port);

        using var data = new DataSocket(await listener.AcceptAsync().Soon());
        await data.ExpectResetAsync();
        await ftp.Client.ExpectAsync(426);
        await ftp.Client.ExpectAsync(421);
        await ftp.ExpectNothingLeftAsync();
        _ = connecting;
    }

    /// <summary>The FTP server is the SSH server's own: it can connect to a listener there.</summary>
    private static Task<FtpScenario> StartAsync(IPAddress? address = null, ServerDataMode mode = ServerDataMode.Auto) =>
        FtpScenario.StartAsync(address, new FtpOptions { DataMode = mode }, "localhost");

    /// <summary>Sends PORT or EPRT for the client's listener; gives the port that the server was told.</summary>
    private static async Task<int> SetUpAsync(FtpScenario ftp, Socket listener, bool extended)
    {
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await ftp.Client.SendAsync(extended ? $"EPRT |1|127.0.0.1|{port}|" : $"PORT 127,0,0,1,{port >> 8},{port & 255}");
        var line = await ftp.Server.ReadLineAsync();
        Assert.StartsWith("PORT 127,0,0,1,", line, StringComparison.Ordinal);
        await ftp.Server.SayAsync("200 fine");
        await ftp.Client.ExpectAsync("200 fine");
        var numbers = line![5..].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[4] << 8) + numbers[5];
    }

    /// <summary>A whole download; gives the port that the server was told.</summary>
    private static async Task<int> DownloadAsync(FtpScenario ftp, Socket listener, int serverPort)
    {
        var port = await SetUpAsync(ftp, listener, extended: false);
        await ftp.ExchangeAsync("RETR file", "150 here");
        var far = await ConnectAsync(ftp, port, serverPort);
        using var data = new DataSocket(await listener.AcceptAsync().Soon());
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        return port;
    }

    private static async Task<FarEnd> ConnectAsync(FtpScenario ftp, int port, int serverPort = 50000) =>
        await ftp.Transport.ConnectAsync(port, originatorPort: serverPort).Soon()
        ?? throw new InvalidOperationException("The engine refused the connection.");
}
