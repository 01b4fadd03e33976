using System.Globalization;
using System.Net;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>An FTP client at the SSH server, an FTP server here, PORT and EPRT.</summary>
public class RemoteActiveTests
{
    private const int ClientPort = 5000;

    [Theory]
    [InlineData("PORT 127,0,0,1,19,136")]
    [InlineData("EPRT |1|127.0.0.1|5000|")]
    public async Task A_download_arrives(string command)
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var target = ftp.Transport.Serve(RemoteScenario.ClientAddress, ClientPort);
        var listener = await SetUpAsync(ftp, command);
        await ftp.ExchangeAsync("RETR file", "150 here");
        using var server = await DataSocket.ConnectAsync(listener);
        var client = await target.ReadAsync().Soon();

        await server.SendAsync("abc"u8.ToArray());
        server.Finish();
        await ftp.Server.SendAsync("226 done");

        var (bytes, isWhole) = await client.ReadToEndAsync();
        Assert.Equal("abc"u8.ToArray(), bytes);
        Assert.True(isWhole);
        await ftp.Client.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("PORT 192,0,2,1,19,136")]
    [InlineData("PORT 127,0,0,1,0,25")]
    [InlineData("EPRT |1|192.0.2.1|5000|")]
    public async Task An_endpoint_that_is_not_the_client_s_is_501(string command)
    {
        await using var ftp = await RemoteScenario.StartAsync();

        await ftp.Client.SayAsync(command);

        Assert.StartsWith("501 ", await ftp.Client.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_connection_that_is_not_the_server_s_is_turned_away()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var target = ftp.Transport.Serve(RemoteScenario.ClientAddress, ClientPort);
        var listener = await SetUpAsync(ftp, "PORT 127,0,0,1,19,136");
        await ftp.ExchangeAsync("STOR file", "150 go on");

        await DataSocket.ExpectTurnedAwayAsync(listener, IPAddress.Parse("127.0.0.2"));

        using var server = await DataSocket.ConnectAsync(listener);
        var client = await target.ReadAsync().Soon();
        await client.SendAsync("abc"u8.ToArray());
        client.Finish();
        await ftp.UntilSecondLookAsync();
        Assert.Equal("abc"u8.ToArray(), await server.ReadToFinAsync());
        await ftp.Server.SendAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");
    }

    [Fact]
    public async Task A_download_that_the_client_does_not_connect_for_is_a_reset_at_the_server_and_425()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var listener = await SetUpAsync(ftp, "PORT 127,0,0,1,19,136");
        await ftp.ExchangeAsync("RETR file", "150 here");

        await DataSocket.ExpectTurnedAwayAsync(listener);

        await ftp.Server.SendAsync("226 done");
        Assert.StartsWith("425 ", await ftp.Client.ReadLineAsync(), StringComparison.Ordinal);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task An_upload_that_the_client_does_not_connect_for_ends_behind_ABOR()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var listener = await SetUpAsync(ftp, "PORT 127,0,0,1,19,136");
        await ftp.ExchangeAsync("STOR file", "150 go on");

        using var server = await DataSocket.ConnectAsync(listener);

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SendAsync("426 aborted");
        Assert.StartsWith("425 Cannot open a data connection: ", await ftp.Client.ReadLineAsync(), StringComparison.Ordinal);
        await server.ExpectResetAsync();
    }

    [Fact]
    public async Task A_server_that_never_connects_is_425()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        await SetUpAsync(ftp, "PORT 127,0,0,1,19,136");
        await ftp.ExchangeAsync("RETR file", "150 here");

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(60));

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SendAsync("226 done");
        Assert.StartsWith("425 ", await ftp.Client.ReadLineAsync(), StringComparison.Ordinal);
    }

    /// <summary>Gives where the server was told to connect: the address by which it knows us.</summary>
    private static async Task<IPEndPoint> SetUpAsync(RemoteScenario ftp, string command)
    {
        await ftp.Client.SayAsync(command);
        var line = await ftp.Server.ReadLineAsync();
        Assert.StartsWith("PORT 127,0,0,1,", line, StringComparison.Ordinal);
        await ftp.Server.SendAsync("200 fine");
        await ftp.Client.ExpectAsync("200 fine");
        var numbers = line![5..].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return new IPEndPoint(IPAddress.Loopback, (numbers[4] << 8) + numbers[5]);
    }
}
