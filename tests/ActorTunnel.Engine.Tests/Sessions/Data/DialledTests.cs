using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>Active clients that the server's passive mode serves, and the default data port.</summary>
public class DialledTests
{
    private const int ServerPort = 3001;

    private static readonly FtpOptions _passive = new() { DataMode = ServerDataMode.Passive };

    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task F5_a_server_on_a_third_host_serves_PORT_by_its_passive_mode_and_no_listener_is_asked_for(string transfer)
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var listener = DataSocket.Listen();
        var far = await SetUpAsync(ftp, listener);

        await TransferAsync(ftp, far, listener, transfer);

        Assert.Equal(0, ftp.Transport.Listens);
        Assert.Single(ftp.Log.Lines, line => line.Contains("served by the FTP server's passive mode", StringComparison.Ordinal));
        Assert.Equal("active", (await ftp.Audit.OneTransferAsync()).DataMode);
    }

    [Fact]
    public async Task An_SSH_server_that_refuses_to_listen_is_asked_once_in_a_session()
    {
        await using var ftp = await FtpScenario.StartAsync(host: "localhost");
        ftp.Transport.RefusesListeners = true;
        using var listener = DataSocket.Listen();

        for (var i = 0; i < 3; i++)
            await TransferAsync(ftp, await SetUpAsync(ftp, listener), listener, "RETR file");

        Assert.Equal(1, ftp.Transport.Listens);
        Assert.Single(ftp.Log.Lines, line => line.Contains("served by the FTP server's passive mode", StringComparison.Ordinal));
        Assert.Empty(ftp.Log.Warnings);
    }

    [Fact]
    public async Task With_DataMode_passive_no_listener_is_ever_asked_for()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _passive, host: "localhost");
        using var listener = DataSocket.Listen();

        await TransferAsync(ftp, await SetUpAsync(ftp, listener), listener, "RETR file");

        Assert.Equal(0, ftp.Transport.Listens);
    }

    [Fact]
    public async Task C15_a_server_that_takes_no_PORT_of_that_address_or_family_is_asked_by_EPRT_and_then_for_its_passive_mode()
    {
        await using var ftp = await FtpScenario.StartAsync(host: "localhost");
        using var listener = DataSocket.Listen();
        await ftp.Client.SendAsync(Port(listener));
        Assert.StartsWith("PORT 127,0,0,1,", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.Server.SayAsync("500 Illegal PORT command.");
        Assert.StartsWith("EPRT |1|127.0.0.1|", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.Server.SayAsync("522 use (2)");

        var far = await AnnounceAsync(ftp);

        await TransferAsync(ftp, far, listener, "RETR file");
        await Patience.UntilAsync(() => ftp.Transport.Listeners.Count == 0, "the remote listener cancelled");
        await TransferAsync(ftp, await SetUpAsync(ftp, listener), listener, "RETR file");
    }

    [Fact]
    public async Task C17_a_server_without_PORT_connects_by_EPRT()
    {
        await using var ftp = await FtpScenario.StartAsync(host: "localhost");
        using var listener = DataSocket.Listen();
        await ftp.Client.SendAsync(Port(listener));
        Assert.StartsWith("PORT ", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.Server.SayAsync("502 PORT not implemented");
        var line = await ftp.Server.ReadLineAsync();
        Assert.StartsWith("EPRT |1|127.0.0.1|", line, StringComparison.Ordinal);
        await ftp.Server.SayAsync("200 EPRT it is");
        await ftp.Client.ExpectAsync("200 EPRT it is");

        await ftp.ExchangeAsync("RETR file", "150 here");
        var port = int.Parse(line!.Split('|')[3], null as IFormatProvider);
        var far = await ftp.Transport.ConnectAsync(port).Soon();
        await FinishAsync(ftp, far!, listener, isDownload: true);
    }

    [Theory]
    [InlineData("PASV", "530 Please log in with USER and PASS.", "530 Please log in with USER and PASS.")]
    [InlineData("PASV", "550 Permission denied.", "550 Permission denied.")]
    public async Task A_refusal_that_is_about_the_session_is_the_answer_to_PORT(string asked, string refusal, string expected)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("PORT 127,0,0,1,200,1");
        await ftp.Server.ExpectAsync(asked);
        await ftp.Server.SayAsync(refusal);

        await ftp.Client.ExpectAsync(expected);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_server_without_passive_mode_is_425_with_what_it_said()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("EPRT |1|127.0.0.1|50000|");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("502 No passive mode.");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("500 what?");

        Assert.Contains("No passive mode.", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_server_that_is_given_by_its_IPv6_address_is_asked_by_EPSV()
    {
        await using var ftp = await FtpScenario.StartAsync(host: "fd00::21");
        using var listener = DataSocket.Listen();
        var target = ftp.Transport.Serve("fd00::21", ServerPort);
        await ftp.Client.SendAsync(Port(listener));
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync($"229 (|||{ServerPort}|)");
        await ftp.Client.ExpectAsync(200);

        await TransferAsync(ftp, await target.ReadAsync().Soon(), listener, "RETR file");
    }

    [Fact]
    public async Task A17_the_client_is_connected_to_from_the_address_that_it_knows_as_the_server_s_and_not_before_the_transfer_has_begun()
    {
        await using var ftp = await FtpScenario.StartAsync(IPAddress.Parse("127.0.0.79"));
        using var listener = DataSocket.Listen();
        var far = await SetUpAsync(ftp, listener);
        await ftp.ExchangeAsync("RETR missing", "550 no such file");
        Assert.False(listener.Poll(0, SelectMode.SelectRead), "The client is connected to for nothing.");
        await far.ReadToEndAsync();

        far = await SetUpAsync(ftp, listener);
        await ftp.ExchangeAsync("RETR file", "150 here");
        using var data = new DataSocket(await listener.AcceptAsync().Soon());

        Assert.Equal(IPAddress.Parse("127.0.0.79"), ((IPEndPoint)data.Socket.RemoteEndPoint!).Address);
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Empty(await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task An_upload_whose_client_does_not_take_the_connection_ends_behind_ABOR_and_is_425()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var listener = DataSocket.Listen();
        var far = await SetUpAsync(ftp, listener);
        listener.Dispose();
        await ftp.ExchangeAsync("STOR file", "150 go on");

        await ftp.Server.ExpectAsync("ABOR");
        Assert.True(far.Channel.IsOpen, "The server would store an empty file.");
        await ftp.Server.SayAsync("226 stored what there was");

        await ftp.Client.ExpectAsync(425);
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.AnswerSeparationAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_download_that_the_server_breaks_is_a_reset_at_the_client()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var listener = DataSocket.Listen();
        var far = await SetUpAsync(ftp, listener);
        await ftp.ExchangeAsync("RETR file", "150 here");
        using var data = new DataSocket(await listener.AcceptAsync().Soon());
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("451 disk error");

        await data.ExpectResetAsync();
        await ftp.Client.ExpectAsync("451 disk error");
    }

    [Fact]
    public async Task A_server_whose_listener_cannot_be_reached_makes_the_transfer_425_with_the_reason()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("PORT 127,0,0,1,200,1");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("227 (10,0,0,9,4,1)"); // Nothing listens there.
        await ftp.Client.ExpectAsync(200);
        await Patience.UntilAsync(() => ftp.Log.Lines.Any(line => line.Contains("data-1 broken", StringComparison.Ordinal)), "the refusal");
        await ftp.ExpectToWorkAsync();

        await ftp.Client.SendAsync("STOR file");

        Assert.Contains("PassiveAddress=reply", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A11_a_second_PORT_closes_the_channel_of_the_first()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var listener = DataSocket.Listen();
        var first = await SetUpAsync(ftp, listener);

        var second = await SetUpAsync(ftp, listener);

        await first.ReadToEndAsync();
        Assert.False(first.Channel.IsOpen);
        await TransferAsync(ftp, second, listener, "RETR file");
    }

    [Fact]
    public async Task A_client_that_leaves_while_the_server_is_asked_leaves_nothing()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("PORT 127,0,0,1,200,1");
        await ftp.Server.ExpectAsync("PASV");

        ftp.Client.Close();

        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task A12_a_transfer_without_any_set_up_goes_to_the_client_s_own_port_of_the_control_connection(string transfer)
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var listener = ListenOnControlPort(ftp);
        await ftp.Client.SendAsync(transfer);
        var target = await ftp.AnswerPasvAsync(); // The client has been connected to by now.
        await ftp.Server.ExpectAsync(transfer);
        await ftp.Server.SayAsync("150 here");
        await ftp.Client.ExpectAsync("150 here");

        await FinishAsync(ftp, await target.ReadAsync().Soon(), listener, transfer.StartsWith("RETR", StringComparison.Ordinal));
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A12_when_nobody_listens_there_it_is_425_and_the_server_hears_nothing()
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.Client.SendAsync("STOR file");

        await ftp.Client.ExpectAsync("425 Use PASV, EPSV, PORT or EPRT first. [s1]");
        await ftp.ExpectToWorkAsync();
        Assert.Empty(ftp.Log.Warnings);
    }

    [Fact]
    public async Task A12_after_a_transfer_the_next_one_without_a_set_up_follows_the_same_rule()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Empty(await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");

        await ftp.Client.SendAsync("RETR file");

        await ftp.Client.ExpectAsync("425 Use PASV, EPSV, PORT or EPRT first. [s1]");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A12_a_server_without_passive_mode_is_not_left_with_a_transfer()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var listener = ListenOnControlPort(ftp);
        await ftp.Client.SendAsync("STOR file");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("530 log in first");

        await ftp.Client.ExpectAsync("530 log in first");
        using var data = new DataSocket(await listener.AcceptAsync().Soon());
        await data.ExpectResetAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_behind_SSH_is_served_by_the_passive_mode_of_a_server_here(bool isDownload)
    {
        await using var ftp = await RemoteScenario.StartAsync(options: _passive);
        var target = ftp.Transport.Serve(RemoteScenario.ClientAddress, 5000);
        using var listener = DataSocket.Listen();
        await ftp.Client.SayAsync("PORT 127,0,0,1,19,136");
        await ftp.Server.ExpectAsync("PASV");
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await ftp.Server.SendAsync($"227 (127,0,0,1,{port >> 8},{port & 255})");
        await ftp.Client.ExpectAsync("200 PORT command successful.");
        using var server = new DataSocket(await listener.AcceptAsync().Soon());
        await ftp.ExchangeAsync(isDownload ? "RETR file" : "STOR file", "150 here");
        var client = await target.ReadAsync().Soon();

        if (isDownload)
        {
            await server.SendAsync("abc"u8.ToArray());
            server.Finish();
            await ftp.Server.SendAsync("226 done");
            Assert.Equal("abc"u8.ToArray(), (await client.ReadToEndAsync()).Bytes);
        }
        else
        {
            await client.SendAsync("abc"u8.ToArray());
            client.Finish();
            await ftp.UntilSecondLookAsync();
            Assert.Equal("abc"u8.ToArray(), await server.ReadToFinAsync());
            await ftp.Server.SendAsync("226 done");
        }

        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_server_here_that_refuses_PORT_serves_a_client_behind_SSH_by_its_passive_mode()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        using var listener = DataSocket.Listen();
        await ftp.Client.SayAsync("PORT 127,0,0,1,19,136");
        Assert.StartsWith("PORT 127,0,0,1,", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.Server.SendAsync("500 Illegal PORT command.");
        Assert.StartsWith("EPRT |1|127.0.0.1|", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.Server.SendAsync("500 Illegal EPRT command.");
        await ftp.Server.ExpectAsync("PASV");
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await ftp.Server.SendAsync($"227 (127,0,0,1,{port >> 8},{port & 255})");

        await ftp.Client.ExpectAsync("200 PORT command successful.");
        using var server = new DataSocket(await listener.AcceptAsync().Soon());
    }

    [Fact]
    public async Task A12_a_client_behind_SSH_that_nothing_was_set_up_for_is_425()
    {
        await using var ftp = await RemoteScenario.StartAsync();

        await ftp.Client.SayAsync("RETR file");

        await ftp.Client.ExpectAsync("425 Use PASV, EPSV, PORT or EPRT first. [s1]");
        await ftp.ExpectToWorkAsync();
    }

    private static string Port(Socket listener)
    {
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        return $"PORT 127,0,0,1,{port >> 8},{port & 255}";
    }

    /// <summary>As RFC 959 has it: both sockets of the client say that they share the port.</summary>
    private static Socket ListenOnControlPort(FtpScenario ftp)
    {
        ftp.Client.Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(ftp.Client.Socket.LocalEndPoint!);
        listener.Listen();
        return listener;
    }

    /// <summary>PORT, which the server hears as PASV; gives its end of the data channel.</summary>
    private static async Task<FarEnd> SetUpAsync(FtpScenario ftp, Socket listener)
    {
        await ftp.Client.SendAsync(Port(listener));
        return await AnnounceAsync(ftp);
    }

    private static async Task<FarEnd> AnnounceAsync(FtpScenario ftp)
    {
        var target = await ftp.AnswerPasvAsync();
        await ftp.Client.ExpectAsync("200 PORT command successful.");
        return await target.ReadAsync().Soon();
    }

    private static async Task TransferAsync(FtpScenario ftp, FarEnd far, Socket listener, string transfer)
    {
        await ftp.ExchangeAsync(transfer, "150 here");
        await FinishAsync(ftp, far, listener, transfer.StartsWith("RETR", StringComparison.Ordinal));
    }

    private static async Task FinishAsync(FtpScenario ftp, FarEnd far, Socket listener, bool isDownload)
    {
        using var data = new DataSocket(await listener.AcceptAsync().Soon());
        if (isDownload)
        {
            await far.SendAsync("abc"u8.ToArray());
            far.Close();
            await ftp.Server.SayAsync("226 done");
            Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        }
        else
        {
            await data.SendAsync("abc"u8.ToArray());
            data.Finish();
            Assert.Equal("abc"u8.ToArray(), (await far.ReadToEndAsync()).Bytes);
            Assert.True(far.Channel.EofSent);
            await ftp.Server.SayAsync("226 done");
        }

        await ftp.Client.ExpectAsync("226 done");
    }
}
