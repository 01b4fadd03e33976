using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>PASV and EPSV: what the client is told, and whom the listener trusts.</summary>
public class PassiveTests
{
    [Fact]
    public async Task The_log_calls_no_transfer_right_that_the_server_refused()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.PassiveAsync();

        await ftp.ExchangeAsync("STOR /etc/passwd", "553 Could not create file.");

        await Patience.UntilAsync(
            () => ftp.Log.Lines.Any(line => line.StartsWith("s1 data-1 Upload ended: ", StringComparison.Ordinal)
                && line.Contains("bytes up: ftp-server", StringComparison.Ordinal)),
            "the end of the upload in the log");
    }

    [Fact]
    public async Task A1_PASV_is_answered_with_our_address_and_the_server_s_words()
    {
        await using var ftp = await FtpScenario.StartAsync();
        ftp.Transport.Serve(FtpScenario.Host, 1025);
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");

        await ftp.Server.SayAsync("227-Willkommen");
        await ftp.Server.SayAsync("227 Bitte nach 10,0,0,9,4,1 verbinden!");

        await ftp.Client.ExpectAsync("227-Willkommen");
        Assert.Matches("^227 Bitte nach 127,0,0,1,[0-9]+,[0-9]+ verbinden!$", await ftp.Client.ReadLineAsync());
    }

    [Fact]
    public async Task The_advertised_address_and_the_data_ports_are_those_configured()
    {
        // A range of one port: free a moment ago, and nobody else binds this address.
        var options = new FtpOptions { AdvertiseAddress = IPAddress.Parse("192.0.2.7"), DataPorts = new PortRange(28_117, 28_117) };
        await using var ftp = await FtpScenario.StartAsync(IPAddress.Parse("127.0.0.77"), options);

        var (_, endPoint) = await ftp.PassiveAsync();

        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 28_117), endPoint);
    }

    [Fact]
    public async Task No_free_data_port_is_425_and_the_session_goes_on()
    {
        var address = IPAddress.Parse("127.0.0.78");
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(address, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var ftp = await FtpScenario.StartAsync(address, new FtpOptions { DataPorts = new PortRange(port, port) });
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");

        await ftp.Server.SayAsync("227 (10,0,0,9,4,1)");

        Assert.Contains("DataPorts", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A13_the_data_channel_goes_to_the_server_s_own_address_when_so_configured()
    {
        await using var ftp = await FtpScenario.StartAsync(options: new FtpOptions { PassiveAddress = PassiveAddress.Reply });
        var target = ftp.Transport.Serve("10.0.0.9", 1025);
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("227 (10,0,0,9,4,1)");

        Assert.NotNull(await target.ReadAsync().Soon());
        await ftp.Client.ExpectAsync(227);
    }

    [Fact]
    public async Task A1_a_227_that_makes_no_sense_or_is_out_of_range_goes_on_untouched_and_makes_no_data_channel()
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.ExchangeAsync("PASV", "227 Entering Passive Mode (1,2,3)");
        await ftp.ExchangeAsync("PASV", "227 Entering Passive Mode (1216,256,2,127,127,127)");

        Assert.Single(ftp.Transport.OpenChannels);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A2_EPSV_changes_only_the_port(string address)
    {
        await using var ftp = await FtpScenario.StartAsync(IPAddress.Parse(address));
        var target = ftp.Transport.Serve(FtpScenario.Host, 5001);
        await ftp.Client.SendAsync("EPSV");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 Extended (|||5001|) yes");

        var line = await ftp.Client.ReadLineAsync();
        Assert.Matches(@"^229 Extended \(\|\|\|[0-9]+\|\) yes$", line);
        var endPoint = new IPEndPoint(
            IPAddress.Parse(address),
            int.Parse(line!.Split('|')[3], System.Globalization.CultureInfo.InvariantCulture));
        using var data = await DataSocket.ConnectAsync(endPoint);
        var far = await target.ReadAsync().Soon();
        await ftp.ExchangeAsync("RETR file", "150 here");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task A_refused_channel_is_425_with_the_reason()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("227 (10,0,0,9,4,1)"); // Nothing listens there.
        await ftp.Client.ExpectAsync(227);
        await Patience.UntilAsync(() => ftp.Log.Lines.Any(line => line.Contains("data-1 broken", StringComparison.Ordinal)), "the refusal");
        await ftp.ExpectToWorkAsync();

        await ftp.Client.SendAsync("RETR file");

        Assert.Contains("Connection refused", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A11_a_second_PASV_closes_the_listener_and_the_channel_of_the_first()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (first, firstEndPoint) = await ftp.PassiveAsync();
        using var early = await DataSocket.ConnectAsync(firstEndPoint);

        var (far, endPoint) = await ftp.PassiveAsync();

        await early.ExpectResetAsync();
        await first.ReadToEndAsync();
        Assert.False(first.Channel.IsOpen);
        await Assert.ThrowsAsync<SocketException>(() => DataSocket.ConnectAsync(firstEndPoint));
        using var data = await DataSocket.ConnectAsync(endPoint);
        Assert.True(far.Channel.IsOpen);
    }

    [Fact]
    public async Task A11_PASV_then_PORT_closes_the_passive_listener()
    {
        await using var ftp = await FtpScenario.StartAsync(host: "localhost");
        var (far, endPoint) = await ftp.PassiveAsync();

        await ftp.Client.SendAsync("PORT 127,0,0,1,200,0");
        Assert.StartsWith("PORT 127,0,0,1,", await ftp.Server.ReadLineAsync(), StringComparison.Ordinal);

        await Patience.UntilAsync(() => !far.Channel.IsOpen, "the channel closed");
        await Assert.ThrowsAsync<SocketException>(() => DataSocket.ConnectAsync(endPoint));
    }

    [Fact]
    public async Task C11_a_connection_from_another_address_is_refused_and_the_client_s_own_still_counts()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();

        await DataSocket.ExpectTurnedAwayAsync(endPoint, IPAddress.Parse("127.0.0.2"));
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.ExchangeAsync("RETR file", "150 here");
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
        Assert.Contains(ftp.Log.Lines, line => line.Contains("refused a data connection from 127.0.0.2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_connection_aborts_the_transfer()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.ExchangeAsync("RETR file", "150 here");
        await far.SendAsync("abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), await data.ReadAsync(3));

        await DataSocket.ExpectTurnedAwayAsync(endPoint);

        await data.ExpectResetAsync();
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 done");
        await ftp.Client.ExpectAsync(426);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_second_connection_before_the_transfer_makes_it_425()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await DataSocket.ExpectTurnedAwayAsync(endPoint);
        await data.ExpectResetAsync();
        await ftp.ExpectToWorkAsync();

        await ftp.Client.SendAsync("STOR file");

        await ftp.Client.ExpectAsync(425);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C4_the_listener_is_closed_when_the_transfer_is_over()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.ExchangeAsync("LIST", "150 here");
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Empty(await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");

        await Patience.UntilAsync(() => ftp.Transport.OpenChannels.Count == 1, "the data channel closed");
        await Assert.ThrowsAsync<SocketException>(() => DataSocket.ConnectAsync(endPoint));
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_listener_with_it()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (_, endPoint) = await ftp.PassiveAsync();

        ftp.Client.Close();

        await ftp.ExpectNothingLeftAsync();
        await Assert.ThrowsAsync<SocketException>(() => DataSocket.ConnectAsync(endPoint));
    }
}
