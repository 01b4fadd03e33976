using System.Net;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Socks;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Socks;

/// <summary>Data connections of FTP clients that know nothing but SOCKS.</summary>
public class SocksDataTests
{
    private const string Host = "ftp.internal";

    [Theory]
    [InlineData("ftp.internal")]
    [InlineData("FTP.Internal.")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A15_a_second_connect_to_the_data_port_goes_to_the_data_channel(string host)
    {
        await using var socks = await StartAsync();
        var (server, port) = await socks.PassiveAsync();

        var data = await socks.Scenario.AskAsync(host, port);

        await SocksScenario.ExpectAcceptedAsync(data);
        await socks.ExchangeAsync("RETR file", "150 here it comes");
        await server.SendAsync("abc"u8.ToArray());
        server.Close();
        Assert.Equal("abc"u8.ToArray(), await data.ReadAsync(3));
        await socks.Server.SayAsync("226 done");
        Assert.Empty(await data.ReadToFinAsync());
        await socks.Client.ExpectAsync("226 done");
        Assert.Single(await socks.Scenario.SessionsAsync());
    }

    [Fact]
    public async Task The_second_connect_is_accepted_when_the_channel_is_open_and_not_before()
    {
        await using var socks = await StartAsync();
        var opening = new TaskCompletionSource();
        socks.Scenario.Transport.Opening = opening.Task;
        var target = socks.Scenario.Transport.Serve(Host, 3001);
        var port = await socks.AnnounceAsync(3001);
        var data = await socks.Scenario.AskAsync(Host, port);
        await socks.ExchangeAsync("NOOP", "200 ok"); // A round trip later there is still no word.
        Assert.Equal(0, data.Socket.Available);

        opening.SetResult();

        await SocksScenario.ExpectAcceptedAsync(data);
        await target.ReadAsync().Soon();
    }

    [Fact]
    public async Task The_second_connect_is_refused_when_the_channel_cannot_be_opened()
    {
        await using var socks = await StartAsync();
        var opening = new TaskCompletionSource();
        socks.Scenario.Transport.Opening = opening.Task;
        var port = await socks.AnnounceAsync(dataPort: 3001);
        var data = await socks.Scenario.AskAsync(Host, port);
        await socks.Scenario.UntilLoggedAsync("has its client by SOCKS");

        opening.SetResult();

        await SocksScenario.ExpectRefusedAsync(data, (byte)Socks5ReplyCode.ConnectionRefused);
        await socks.Client.SendAsync("RETR file");
        await socks.Client.ExpectAsync(425);
    }

    [Fact]
    public async Task A_client_that_connects_to_the_listener_directly_is_served_too()
    {
        await using var socks = await StartAsync();
        var (server, port) = await socks.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await socks.ExchangeAsync("RETR file", "150 here it comes");

        await server.SendAsync("abc"u8.ToArray());

        Assert.Equal("abc"u8.ToArray(), await data.ReadAsync(3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_data_connection_of_either_kind_breaks_the_transfer(bool isFirstDirect)
    {
        await using var socks = await StartAsync();
        var (_, port) = await socks.PassiveAsync();
        using var direct = isFirstDirect ? await DataSocket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)) : null;
        var first = direct ?? await socks.Scenario.AskAsync(Host, port);
        if (!isFirstDirect)
            await SocksScenario.ExpectAcceptedAsync(first);
        await socks.ExchangeAsync("RETR file", "150 here it comes");

        if (isFirstDirect)
            await SocksScenario.ExpectRefusedAsync(await socks.Scenario.AskAsync(Host, port), (byte)Socks5ReplyCode.NotAllowed);
        else
            await DataSocket.ExpectTurnedAwayAsync(new IPEndPoint(IPAddress.Loopback, port));

        await first.ExpectResetAsync();
        await socks.Server.SayAsync("426 broken");
        await socks.Client.ExpectAsync(426);
    }

    [Theory]
    [InlineData("other.internal", 0)]
    [InlineData("ftp.internal", 1)]
    public async Task Another_host_or_port_is_the_rules_matter(string host, int off)
    {
        await using var socks = await StartAsync();
        var (_, port) = await socks.PassiveAsync();

        var other = await socks.Scenario.AskAsync(host, port + off);

        await SocksScenario.ExpectRefusedAsync(other, (byte)Socks5ReplyCode.ConnectionRefused); // They let it go, and nobody is there.
    }

    [Fact]
    public async Task Another_SOCKS_user_is_another_client()
    {
        await using var socks = await StartAsync();
        var (_, port) = await socks.PassiveAsync();

        // SOCKS 4, whose user id says who it is; the session's client has said nothing.
        var other = await socks.Scenario.ConnectAsync([4, 1, (byte)(port >> 8), (byte)port, 127, 0, 0, 1, .. "bob"u8, 0]);

        Assert.Equal([0, 91, 0, 0, 0, 0, 0, 0], await other.ReadToFinAsync());
    }

    [Fact]
    public async Task The_port_is_forgotten_with_its_data_channel()
    {
        await using var socks = await StartAsync();
        var (_, first) = await socks.PassiveAsync();
        var (_, second) = await socks.PassiveAsync();

        var late = await socks.Scenario.AskAsync(Host, first);
        var data = await socks.Scenario.AskAsync(Host, second);

        await SocksScenario.ExpectRefusedAsync(late, (byte)Socks5ReplyCode.ConnectionRefused);
        await SocksScenario.ExpectAcceptedAsync(data);
    }

    [Fact]
    public async Task A_client_that_waits_hears_that_its_session_is_over()
    {
        await using var socks = await StartAsync();
        socks.Scenario.Transport.Opening = new TaskCompletionSource().Task;
        var port = await socks.AnnounceAsync(3001);
        var data = await socks.Scenario.AskAsync(Host, port);
        await socks.Scenario.UntilLoggedAsync("has its client by SOCKS");

        socks.Client.Close();

        await SocksScenario.ExpectRefusedAsync(data, (byte)Socks5ReplyCode.GeneralFailure);
        socks.Scenario.Transport.Opening = Task.CompletedTask;
    }

    private static Task<SocksFtp> StartAsync() => SocksFtp.StartAsync(Host, SocksScenario.Rule(FilterAction.FtpTunnel));
}
