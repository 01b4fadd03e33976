using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Sessions.Data;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>Data connections with another host than the client's: 127.0.0.2 here, or 127.0.0.3.</summary>
public class FxpTests
{
    private static readonly FtpRestrictions _fxp = new() { AllowFxp = true };

    private static readonly FtpOptions _allowing = new() { DataMode = ServerDataMode.Active, Restrictions = _fxp };

    [Theory]
    [InlineData("192.0.2.7", 1024, true)]
    [InlineData("192.0.2.7", 1023, false)]
    [InlineData("10.0.0.1", 1023, false)]
    [InlineData("10.0.0.1", 1024, true)]
    [InlineData("127.0.0.1", 5000, false)]
    [InlineData("127.0.0.2", 5000, false)]
    [InlineData("::1", 5000, false)]
    [InlineData("::ffff:127.0.0.1", 5000, false)]
    [InlineData("0.0.0.0", 5000, false)]
    [InlineData("169.254.169.254", 8080, false)]
    [InlineData("224.0.0.1", 5000, false)]
    [InlineData("255.255.255.255", 5000, false)]
    [InlineData("2001:db8::1", 5000, true)]
    [InlineData("fe80::1", 5000, false)]
    public void C13_also_with_FXP_no_client_leads_where_it_could_not_come_itself(string address, int port, bool may) => Assert.Equal(
        may,
        DataPeers.MayBeConnectedTo(new(IPAddress.Parse(address), port), IPAddress.Parse("10.0.0.1"), _fxp));

    [Theory]
    [InlineData("10.0.0.1", 5000, true)]
    [InlineData("192.0.2.7", 5000, false)]
    public void C13_without_FXP_data_goes_to_the_client_alone(string address, int port, bool may) => Assert.Equal(
        may,
        DataPeers.MayBeConnectedTo(new(IPAddress.Parse(address), port), IPAddress.Parse("10.0.0.1"), new FtpRestrictions()));

    [Fact]
    public void C13_a_listener_of_this_program_is_no_place_for_data()
    {
        using var own = TcpAcceptor.Listen(new(IPAddress.Parse("127.0.0.3"), 0), backlog: 1);

        Assert.False(DataPeers.MayBeConnectedTo(own.EndPoint, IPAddress.Loopback, _fxp));
        Assert.True(DataPeers.MayBeConnectedTo(new(IPAddress.Parse("127.0.0.4"), own.EndPoint.Port), IPAddress.Loopback, _fxp));
    }

    [Fact]
    public async Task C12_by_default_PORT_names_no_other_host()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _allowing with { Restrictions = new() });

        await ftp.Client.SendAsync("PORT 127,0,0,2,200,0");

        await ftp.Client.ExpectAsync(501);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C12_with_FXP_a_file_goes_to_the_host_that_PORT_names()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _allowing);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        listener.Listen();
        var named = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await ftp.Client.SendAsync($"PORT 127,0,0,2,{named >> 8},{named & 255}");
        var numbers = (await ftp.Server.ReadLineAsync())!.Split(' ', ',').Skip(5).Select(int.Parse).ToList();
        await ftp.Server.SayAsync("200 PORT done");
        await ftp.Client.ExpectAsync("200 PORT done");
        await ftp.ExchangeAsync("RETR file", "150 here");
        var far = (await ftp.Transport.ConnectAsync((numbers[0] << 8) + numbers[1]).Soon())!;
        using var data = new DataSocket(await listener.AcceptAsync().Soon());

        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task C12_with_FXP_another_host_may_connect_to_the_port_of_PASV()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _allowing);
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint, from: IPAddress.Parse("127.0.0.2"));
        await ftp.ExchangeAsync("RETR file", "150 here");

        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");

        Assert.Equal("abc"u8.ToArray(), await data.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }
}
