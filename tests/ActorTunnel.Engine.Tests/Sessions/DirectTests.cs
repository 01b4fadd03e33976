using System.Net;
using System.Security.Cryptography;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>Sessions without SSH: the same rules, and a server that can see a reset.</summary>
public class DirectTests
{
    [Fact]
    public async Task A_plain_connection_ends_in_each_direction_by_itself()
    {
        await using var direct = new DirectScenario();
        await direct.NewSessionAsync(ForwardKind.Tcp);
        using var server = await direct.AcceptAsync();
        await direct.Client.SendAsync("question"u8.ToArray());
        direct.Client.Finish();
        Assert.Equal("question"u8.ToArray(), await server.ReadToFinAsync());

        await server.SendAsync("answer"u8.ToArray());
        server.Dispose();

        Assert.Equal("answer"u8.ToArray(), await direct.Client.ReadToFinAsync());
        await direct.UntilNoSessionAsync();
    }

    [Fact]
    public async Task A_plain_connection_carries_megabytes_both_ways()
    {
        await using var direct = new DirectScenario();
        await direct.NewSessionAsync(ForwardKind.Tcp);
        using var server = await direct.AcceptAsync();
        var (up, down) = (RandomNumberGenerator.GetBytes(5_000_000), RandomNumberGenerator.GetBytes(5_000_000));
        var (received, returned) = (server.ReadToFinAsync(), direct.Client.ReadToFinAsync());

        await Task.WhenAll(SendAsync(direct.Client, up), SendAsync(server, down));

        Assert.Equal(SHA256.HashData(up), SHA256.HashData(await received));
        Assert.Equal(SHA256.HashData(down), SHA256.HashData(await returned));

        static async Task SendAsync(DataSocket from, byte[] bytes)
        {
            await from.SendAsync(bytes);
            from.Finish();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reset_of_either_end_is_a_reset_of_the_other(bool byClient)
    {
        await using var direct = new DirectScenario();
        await direct.NewSessionAsync(ForwardKind.Tcp);
        using var server = await direct.AcceptAsync();
        var (one, other) = byClient ? (direct.Client, server) : (server, direct.Client);
        await one.SendAsync("abc"u8.ToArray());
        await other.ReadAsync(3);

        one.Reset();

        await other.ExpectResetAsync();
        await direct.UntilNoSessionAsync();
    }

    /// <summary>Who answers for the name may give other addresses the second time, and the rules have not seen those.</summary>
    [Theory]
    [InlineData(ForwardKind.Tcp)]
    [InlineData(ForwardKind.Ftp)]
    public async Task A_name_that_the_rules_have_resolved_is_not_resolved_again(ForwardKind kind)
    {
        await using var direct = new DirectScenario();

        await direct.NewSessionAsync(kind, target => target with { Host = "no.such.host.invalid", Addresses = [IPAddress.Loopback] });

        using var server = await direct.AcceptAsync();
    }

    [Fact]
    public async Task A_name_that_had_no_address_for_the_rules_has_none_for_the_connection()
    {
        await using var direct = new DirectScenario();

        await direct.NewSessionAsync(ForwardKind.Ftp, target => target with { Host = "localhost", Addresses = [] });

        Assert.Contains("Host localhost was not found", await direct.Ftp.ExpectAsync(421), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_is_named_to_the_FTP_client()
    {
        await using var direct = new DirectScenario();
        await direct.NewSessionAsync(ForwardKind.Ftp, target => target with { Port = 1 });

        Assert.Contains("Connection to 127.0.0.1 port 1 was refused", await direct.Ftp.ExpectAsync(421), StringComparison.Ordinal);

        await direct.UntilNoSessionAsync();
        Assert.Contains(direct.Log.Lines, line => line.StartsWith("s1 ended: refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_download_arrives_and_its_end_waits_for_the_server_s_reply()
    {
        await using var ftp = await DirectScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("RETR file");
        await server.SendAsync("abc"u8.ToArray());
        server.Finish();
        Assert.Empty(await server.ReadToFinAsync());
        Assert.Equal("abc"u8.ToArray(), await client.ReadAsync(3));
        var end = client.ReadToFinAsync();
        Assert.False(end.IsCompleted);

        await ftp.Server.SendAsync("226 done");

        Assert.Empty(await end);
        await ftp.Ftp.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task An_upload_arrives_whole()
    {
        await using var ftp = await DirectScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("STOR file");
        await client.SendAsync("abc"u8.ToArray());
        client.Finish();

        Assert.Equal("abc"u8.ToArray(), await server.ReadToFinAsync());
        server.Dispose();
        await ftp.Server.SendAsync("226 stored");

        await ftp.Ftp.ExpectAsync("226 stored");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_download_that_the_server_resets_is_reset_and_its_success_is_not_passed_on()
    {
        await using var ftp = await DirectScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("RETR file");
        await server.SendAsync("half"u8.ToArray());
        Assert.Equal("half"u8.ToArray(), await client.ReadAsync(4));

        server.Reset();

        await client.ExpectResetAsync();
        await ftp.Server.SendAsync("226 done");
        await ftp.Ftp.ExpectAsync(426);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_client_that_is_killed_in_an_upload_is_a_reset_for_the_server()
    {
        await using var ftp = await DirectScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("STOR file");
        await client.SendAsync("half"u8.ToArray());
        Assert.Equal("half"u8.ToArray(), await server.ReadAsync(4));

        ftp.Ftp.Close();
        client.Dispose();

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SendAsync("426 broken");
        await server.ExpectResetAsync();
        await ftp.UntilNoSessionAsync();
    }

    [Theory]
    [InlineData(false, "STOR file")]
    [InlineData(true, "RETR file")]
    public async Task Active_mode_is_served_by_the_server_s_passive_mode(bool isExtended, string transfer)
    {
        await using var ftp = await DirectScenario.StartAsync();
        using var listener = DataSocket.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await ftp.Ftp.SendAsync(isExtended ? $"EPRT |1|127.0.0.1|{port}|" : $"PORT 127,0,0,1,{port >> 8},{port & 255}");
        using var passive = DataSocket.Listen();
        var announced = ((IPEndPoint)passive.LocalEndPoint!).Port;
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SendAsync($"227 (127,0,0,1,{announced >> 8},{announced & 255})");
        await ftp.Ftp.ExpectAsync(200);
        await ftp.ExchangeAsync(transfer, "150 here it comes");

        using var client = new DataSocket(await listener.AcceptAsync().Soon());
        using var server = new DataSocket(await passive.AcceptAsync().Soon());
        var (from, to) = transfer.StartsWith("STOR", StringComparison.Ordinal) ? (client, server) : (server, client);
        await from.SendAsync("abc"u8.ToArray());
        from.Finish();

        if (from == client)
            Assert.Equal("abc"u8.ToArray(), await to.ReadToFinAsync());
        await ftp.Server.SendAsync("226 done");
        if (from == server)
            Assert.Equal("abc"u8.ToArray(), await to.ReadToFinAsync());
        await ftp.Ftp.ExpectAsync("226 done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task With_DataMode_active_a_PORT_is_425_because_nobody_listens_for_the_server()
    {
        await using var ftp = await DirectScenario.StartAsync(new FtpOptions { DataMode = ServerDataMode.Active });

        await ftp.Ftp.SendAsync("PORT 127,0,0,1,200,10");

        Assert.Contains("DataMode=auto", await ftp.Ftp.ExpectAsync(425), StringComparison.Ordinal);
        await ftp.ExpectToWorkAsync();
    }
}
