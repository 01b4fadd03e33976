using System.Globalization;
using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>What the client asks for and what the server is asked for are two things.</summary>
public class TranslationTests
{
    [Theory]
    [InlineData("502 unknown")]
    [InlineData("425 You cannot use PASV on IPv6 connections. Use EPSV instead.")]
    public async Task C16_a_server_that_has_no_PASV_is_asked_by_EPSV_and_refuses_once_only(string refusal)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var target = ftp.Transport.Serve(FtpScenario.Host, 1025);
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync(refusal);
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 Extended (|||1025|)");
        var endPoint = EndPointOf(await ftp.Client.ExpectAsync(227));
        await target.ReadAsync().Soon();

        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 Extended (|||1025|)");

        var next = EndPointOf(await ftp.Client.ExpectAsync(227));
        Assert.Equal((IPAddress.Loopback, IPAddress.Loopback), (endPoint.Address, next.Address));
        using var data = await DataSocket.ConnectAsync(next);
        await DownloadAsync(ftp, await target.ReadAsync().Soon(), data);
    }

    [Theory]
    [InlineData("500 EPSV not understood")]
    [InlineData("501 no")]
    [InlineData("522 use (2)")]
    public async Task C17_a_server_that_has_no_EPSV_is_asked_by_PASV(string refusal)
    {
        await using var ftp = await FtpScenario.StartAsync(IPAddress.IPv6Loopback);
        var target = ftp.Transport.Serve(FtpScenario.Host, 1025);
        await ftp.Client.SendAsync("EPSV 2");
        await ftp.Server.ExpectAsync("EPSV"); // Its own family is not the client's.
        await ftp.Server.SayAsync(refusal);
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("227 Passive (10,0,0,9,4,1)");

        var reply = await ftp.Client.ExpectAsync(229);
        Assert.Matches(@"^229 .* \(\|\|\|[0-9]+\|\)$", reply);
        using var data = await DataSocket.ConnectAsync(new(IPAddress.IPv6Loopback, int.Parse(reply.Split('|')[3], CultureInfo.InvariantCulture)));
        await DownloadAsync(ftp, await target.ReadAsync().Soon(), data);
    }

    [Theory]
    [InlineData("PASV", "530 Please log in")]
    [InlineData("EPSV", "530 Please log in")]
    [InlineData("PASV", "503 Bad sequence")]
    [InlineData("PASV", "550 Permission denied.")]
    [InlineData("EPSV", "451 Try again")]
    public async Task A_refusal_that_is_not_about_the_command_goes_to_the_client(string command, string refusal)
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.ExchangeAsync(command, refusal);

        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_server_that_refuses_both_is_quoted_with_what_it_said_first()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("502 no passive mode here");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("500 what?");

        await ftp.Client.ExpectAsync("502 no passive mode here");
        await ftp.ExchangeAsync("PASV", "530 log in");
    }

    [Fact]
    public async Task A_server_that_names_no_endpoint_in_the_other_form_is_425()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("500 no");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 somewhere");

        await ftp.Client.ExpectAsync(425);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A9_P_at_SW_is_PASV()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var target = ftp.Transport.Serve(FtpScenario.Host, 1025);
        await ftp.Client.SendAsync("p@sw");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("227 Entering Passive Mode (10,0,0,9,4,1).");

        Assert.Equal(IPAddress.Loopback, EndPointOf(await ftp.Client.ExpectAsync(227)).Address);
        await target.ReadAsync().Soon();
    }

    [Theory]
    [InlineData("127.0.0.1", "EPSV 2", "522 Network protocol not supported, use (1)")]
    [InlineData("::1", "EPSV 1", "522 Network protocol not supported, use (2)")]
    public async Task A3_a_family_that_our_listener_is_not_of_is_522_and_the_server_hears_nothing(string address, string command, string reply)
    {
        await using var ftp = await FtpScenario.StartAsync(IPAddress.Parse(address));

        await ftp.Client.SendAsync(command);

        await ftp.Client.ExpectAsync(reply);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A4_after_EPSV_ALL_every_other_set_up_command_is_refused_and_the_server_is_not_bound_by_it()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("EPSV ALL");
        await ftp.Client.ExpectAsync(200);
        await ftp.ExchangeAsync("ABOR", "226 nothing to abort");

        foreach (var command in new[] { "PASV", "P@SW", "PORT 127,0,0,1,200,1", "EPRT |1|127.0.0.1|5000|" })
        {
            await ftp.Client.SendAsync(command);
            await ftp.Client.ExpectAsync(501);
        }

        await ftp.Client.SendAsync("LPRT 4,4,127,0,0,1,2,200,1");
        await ftp.Client.ExpectAsync(502);
        await ftp.Client.SendAsync("RETR file"); // The default data port is a set-up too.
        await ftp.Client.ExpectAsync(425);
        ftp.Transport.Serve(FtpScenario.Host, 1025);
        await ftp.Client.SendAsync("EPSV");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("500 EPSV not understood");
        await ftp.Server.ExpectAsync("PASV"); // It has promised nothing to the server.
        await ftp.Server.SayAsync("227 (10,0,0,9,4,1)");
        await ftp.Client.ExpectAsync(229);
    }

    [Theory]
    [InlineData(null, "0.0.0.0")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8::7", "0.0.0.0")]
    public async Task A14_PASV_over_IPv6_names_the_advertised_IPv4_address_or_means_the_control_connection_s_host(
        string? advertised, string told)
    {
        var options = new FtpOptions { AdvertiseAddress = advertised is null ? null : IPAddress.Parse(advertised) };
        await using var ftp = await FtpScenario.StartAsync(IPAddress.IPv6Loopback, options);

        var (far, endPoint) = await ftp.PassiveAsync();

        Assert.Equal(IPAddress.Parse(told), endPoint.Address);
        using var data = await DataSocket.ConnectAsync(new(IPAddress.IPv6Loopback, endPoint.Port));
        await DownloadAsync(ftp, far, data);
    }

    [Theory]
    [InlineData("10,0,0,9", "files.internal")]
    [InlineData("10,0,0,8", FtpScenario.Host)]
    public async Task A13_an_announced_address_goes_to_the_host_that_the_map_says_and_else_to_the_control_connection_s(
        string announced, string host)
    {
        var map = new Dictionary<IPAddress, string> { [IPAddress.Parse("10.0.0.9")] = "files.internal" };
        await using var ftp = await FtpScenario.StartAsync(
            options: new FtpOptions { PassiveAddress = PassiveAddress.Map, PassiveAddressMap = map });
        var target = ftp.Transport.Serve(host, 1025);
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync($"227 ({announced},4,1)");

        using var data = await DataSocket.ConnectAsync(EndPointOf(await ftp.Client.ExpectAsync(227)));
        await DownloadAsync(ftp, await target.ReadAsync().Soon(), data);
    }

    [Theory]
    [InlineData("0,0,0,0")]
    [InlineData("127,0,0,1")]
    [InlineData("192,168,7,7")]
    public async Task A13_whatever_address_the_server_announces_data_goes_to_the_control_connection_s_host(string announced)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var target = ftp.Transport.Serve(FtpScenario.Host, 1025);
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync($"227 ({announced},4,1)");

        await ftp.Client.ExpectAsync(227);
        await target.ReadAsync().Soon();
    }

    [Fact]
    public async Task A1_the_last_line_of_several_may_name_the_endpoint_and_they_stay_several()
    {
        await using var ftp = await FtpScenario.StartAsync();
        ftp.Transport.Serve(FtpScenario.Host, 1025);
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("227-Entering passive mode\r\n on request\r\n227 (0,0,0,0,4,1)");

        await ftp.Client.ExpectAsync("227-Entering passive mode");
        await ftp.Client.ExpectAsync(" on request");
        Assert.Matches(@"^227 \(127,0,0,1,[0-9]+,[0-9]+\)$", await ftp.Client.ReadLineAsync());
    }

    [Fact]
    public async Task A11_the_last_of_PORT_and_PASV_wins_and_the_earlier_one_is_closed_at_once()
    {
        await using var ftp = await FtpScenario.StartAsync(host: "localhost");
        await ftp.Client.SendAsync("PORT 127,0,0,1,200,1");
        Assert.StartsWith("PORT ", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.Server.SayAsync("200 ok");
        await ftp.Client.ExpectAsync("200 ok");
        Assert.Single(ftp.Transport.Listeners);

        var (far, endPoint) = await ftp.PassiveAsync();

        await Patience.UntilAsync(() => ftp.Transport.Listeners.Count == 0, "the remote listener cancelled");
        using var data = await DataSocket.ConnectAsync(endPoint);
        await DownloadAsync(ftp, far, data);
    }

    [Theory]
    [InlineData("LPRT 4,4,127,0,0,1,2,200,1")]
    [InlineData("LPSV")]
    public Task A7_the_long_forms_are_502_so_that_the_client_takes_another(string command) => ExpectNotAvailableAsync(command);

    [Fact]
    public Task A8_SPSV_is_502() => ExpectNotAvailableAsync("SPSV");

    [Fact]
    public async Task A10_PRET_passes()
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.ExchangeAsync("PRET RETR file", "200 ok");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C6_the_client_may_connect_before_the_transfer_command_or_only_after_its_150(bool isEarly)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        using var early = isEarly ? await DataSocket.ConnectAsync(endPoint) : null;
        await ftp.ExchangeAsync("RETR file", "150 here");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();

        using var late = isEarly ? null : await DataSocket.ConnectAsync(endPoint);
        await ftp.Server.SayAsync("226 done");

        Assert.Equal("abc"u8.ToArray(), await (early ?? late!).ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task C8_the_server_s_listener_is_connected_to_before_the_client_comes()
    {
        await using var ftp = await FtpScenario.StartAsync();

        var (far, _) = await ftp.PassiveAsync();

        Assert.True(far.Channel.IsOpen); // And no client has connected.
    }

    /// <summary>One read is not one command, and nothing stands in a fixed column.</summary>
    [Fact]
    public async Task F10_commands_come_in_pieces_the_227_has_its_own_words_and_the_SSH_server_chooses_the_port()
    {
        await using var ftp = await FtpScenario.StartAsync(host: "localhost");
        ftp.Transport.Serve("localhost", 1025);
        foreach (var piece in new[] { "PA", "SV", "\r", "\nNOOP\r\nPORT 127,0,0,1,200,1\r\n" })
            await ftp.Client.SendRawAsync(System.Text.Encoding.ASCII.GetBytes(piece));
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("227 =10,0,0,9,4,1");
        Assert.Matches("^227 =127,0,0,1,[0-9]+,[0-9]+$", await ftp.Client.ReadLineAsync());
        await ftp.Server.ExpectAsync("NOOP");
        await ftp.Server.SayAsync("200 ok");
        await ftp.Client.ExpectAsync("200 ok");

        var line = await ftp.Server.ReadLineAsync();

        var port = Assert.Single(ftp.Transport.Listeners);
        Assert.Equal($"PORT 127,0,0,1,{port >> 8},{port & 255}", line);
    }

    private static async Task ExpectNotAvailableAsync(string command)
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.Client.SendAsync(command);

        await ftp.Client.ExpectAsync(502);
        await ftp.ExpectToWorkAsync();
    }

    private static async Task DownloadAsync(FtpScenario ftp, FarEnd far, DataSocket data)
    {
        await ftp.ExchangeAsync("RETR file", "150 here");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    private static IPEndPoint EndPointOf(string reply)
    {
        var numbers = reply.Split('(', ')')[1].Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new IPEndPoint(IPAddress.Parse(string.Join('.', numbers[..4])), (numbers[4] << 8) + numbers[5]);
    }
}
