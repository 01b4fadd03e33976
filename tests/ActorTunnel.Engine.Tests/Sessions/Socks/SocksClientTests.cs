using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Sessions.Socks;

public sealed class SocksClientTests
{
    private static readonly IPEndPoint _anyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task A_tunnel_is_accepted_when_the_target_is_there_and_carries_what_follows()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));
        var opening = new TaskCompletionSource();
        scenario.Transport.Opening = opening.Task;
        var target = scenario.Transport.Serve("db.internal", 5432);
        var client = await scenario.AskAsync("db.internal", 5432);
        await Patience.UntilAsync(async () => (await scenario.SessionsAsync()).Count == 1, "a session");
        Assert.Equal(0, client.Socket.Available);

        opening.SetResult();
        await SocksScenario.ExpectAcceptedAsync(client);

        var server = await target.ReadAsync().Soon();
        await server.SendAsync("hello"u8.ToArray());
        Assert.Equal("hello"u8.ToArray(), await client.ReadAsync(5));
        await client.SendAsync("there"u8.ToArray());
        Assert.Equal("there"u8.ToArray(), await server.ReadAsync(5));
    }

    [Fact]
    public async Task What_a_client_sends_behind_its_request_goes_to_the_target()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));
        var target = scenario.Transport.Serve("db.internal", 80);

        var client = await scenario.ConnectAsync([5, 1, 0, 5, 1, 0, 3, 11, .. "db.internal"u8, 0, 80, .. "early"u8]);

        Assert.Equal([5, 0], await client.ReadAsync(2));
        await SocksScenario.ExpectAcceptedAsync(client);
        Assert.Equal("early"u8.ToArray(), await (await target.ReadAsync().Soon()).ReadAsync(5));
    }

    [Fact]
    public async Task F4_an_FTP_tunnel_is_accepted_when_its_target_is_there_and_before_the_greeting()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.FtpTunnel));
        var target = scenario.Transport.Serve("ftp.internal", 21);
        var client = await scenario.AskAsync("ftp.internal", 21);
        var server = await target.ReadAsync().Soon();
        await SocksScenario.ExpectAcceptedAsync(client);

        await server.SayAsync("220 ready");

        Assert.Equal("220 ready\r\n", Encoding.ASCII.GetString(await client.ReadAsync(11)));
        await client.SendAsync("NOOP\r\n"u8.ToArray());
        await server.ExpectAsync("NOOP");
    }

    [Theory]
    [InlineData(FilterAction.Tunnel)]
    [InlineData(FilterAction.FtpTunnel)]
    public async Task F4_a_target_that_is_not_there_is_a_reply_and_no_other_word(FilterAction action)
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(action));

        var client = await scenario.AskAsync("nobody.internal", 21);

        await SocksScenario.ExpectRefusedAsync(client, 5);
    }

    [Theory]
    [InlineData("No route to host")]
    [InlineData("Name or service not known")]
    [InlineData("")]
    public async Task A_target_that_the_SSH_server_finds_no_way_to_is_said_to_be_so(string description)
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));
        scenario.Transport.Refusal = new ChannelOpenException(ChannelOpenFailure.ConnectFailed, description, description);

        await SocksScenario.ExpectRefusedAsync(await scenario.AskAsync("nobody.internal", 21), 4);
    }

    [Theory]
    [InlineData(FilterAction.Tunnel)]
    [InlineData(FilterAction.FtpTunnel)]
    public async Task A_target_that_sshd_forbids_is_not_allowed(FilterAction action)
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(action));
        scenario.Transport.Refusal = new ChannelOpenException(ChannelOpenFailure.AdministrativelyProhibited, "open failed", "open failed");

        var client = await scenario.AskAsync("ftp.internal", 21);

        await SocksScenario.ExpectRefusedAsync(client, 2);
    }

    [Fact]
    public async Task What_no_rule_matches_is_not_allowed()
    {
        await using var scenario = await SocksScenario.StartAsync();

        var client = await scenario.AskAsync("ftp.internal", 21);

        await SocksScenario.ExpectRefusedAsync(client, 2);
        Assert.Contains(
            scenario.Log.Warnings, line => line.Contains("refused Connect to ftp.internal port 21: no rule matches", StringComparison.Ordinal));
        Assert.Empty(await scenario.SessionsAsync());
    }

    [Fact]
    public async Task Rules_hold_for_clients_that_come_after_them()
    {
        await using var scenario = await SocksScenario.StartAsync();
        await SocksScenario.ExpectRefusedAsync(await scenario.AskAsync("db.internal", 80), 2);
        scenario.Transport.Serve("db.internal", 80);

        scenario.Apply(SocksScenario.Rule(FilterAction.Tunnel));

        await SocksScenario.ExpectAcceptedAsync(await scenario.AskAsync("db.internal", 80));
    }

    [Fact]
    public async Task SOCKS_4_asks_for_an_address_and_4a_for_a_name()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));
        scenario.Transport.Serve("10.0.0.9", 80);
        scenario.Transport.Serve("db.internal", 80);

        var byAddress = await scenario.ConnectAsync([4, 1, 0, 80, 10, 0, 0, 9, .. "alice"u8, 0]);
        var byName = await scenario.ConnectAsync([4, 1, 0, 80, 0, 0, 0, 1, 0, .. "db.internal"u8, 0]);
        var nobody = await scenario.ConnectAsync([4, 1, 0, 80, 10, 0, 0, 8, 0]);

        Assert.Equal([0, 90, 0, 0, 0, 0, 0, 0], await byAddress.ReadAsync(8));
        Assert.Equal([0, 90, 0, 0, 0, 0, 0, 0], await byName.ReadAsync(8));
        Assert.Equal([0, 91, 0, 0, 0, 0, 0, 0], await nobody.ReadToFinAsync());
    }

    [Fact]
    public async Task Rules_see_whom_a_client_says_it_is()
    {
        await using var scenario = await SocksScenario.StartAsync(
            SocksScenario.Rule(FilterAction.Tunnel) with { SocksUsers = ["alice"] });
        scenario.Transport.Serve("10.0.0.9", 80);

        var alice = await scenario.ConnectAsync([4, 1, 0, 80, 10, 0, 0, 9, .. "alice"u8, 0]);
        var bob = await scenario.ConnectAsync([4, 1, 0, 80, 10, 0, 0, 9, .. "bob"u8, 0]);

        Assert.Equal([0, 90, 0, 0, 0, 0, 0, 0], await alice.ReadAsync(8));
        Assert.Equal([0, 91, 0, 0, 0, 0, 0, 0], await bob.ReadToFinAsync());
        Assert.Contains(
            scenario.Log.Warnings,
            line => line.Contains(" (SOCKS user 'bob') refused Connect to 10.0.0.9 port 80: no rule matches", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("no.such.host.invalid", false)]
    public async Task A_name_is_resolved_here_for_a_rule_that_asks_for_it_and_nothing_else(string host, bool matches)
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel) with
        {
            Resolve = true, Addresses = [AddressRange.Parse("127.0.0.0/8"), AddressRange.Parse("::1")],
        });
        scenario.Transport.Serve(host, 80);

        var client = await scenario.AskAsync(host, 80);

        if (matches)
            await SocksScenario.ExpectAcceptedAsync(client); // By the SSH server, which has been given the name.
        else
            await SocksScenario.ExpectRefusedAsync(client, 2);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public async Task A_command_that_is_not_served_is_said_to_be_so(byte command)
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));

        await SocksScenario.ExpectRefusedAsync(await scenario.AskAsync("0.0.0.0", 0, command), 7);
    }

    [Fact]
    public async Task An_address_type_that_is_not_known_is_said_to_be_so()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));

        var client = await scenario.ConnectAsync(5, 1, 0, 5, 1, 0, 2);

        Assert.Equal([5, 0], await client.ReadAsync(2));
        await SocksScenario.ExpectRefusedAsync(client, 8);
    }

    [Fact]
    public async Task A_login_that_is_right_is_accepted()
    {
        await using var scenario = await WithUsersAsync();
        scenario.Transport.Serve("10.0.0.9", 80);

        var client = await scenario.ConnectAsync([5, 2, 0, 2, 1, 5, .. "alice"u8, 6, .. "wonder"u8, 5, 1, 0, 1, 10, 0, 0, 9, 0, 80]);

        Assert.Equal([5, 2, 1, 0], await client.ReadAsync(4));
        await SocksScenario.ExpectAcceptedAsync(client);
    }

    [Theory]
    [InlineData("alice", "wrong!")]
    [InlineData("alice", "")]
    [InlineData("nobody", "wonder")]
    [InlineData("ALICE", "wonder")]
    public async Task A_login_that_is_wrong_ends_the_connection_and_its_password_is_not_logged(string user, string password)
    {
        await using var scenario = await WithUsersAsync();

        var client = await scenario.ConnectAsync(
            [5, 1, 2, 1, (byte)user.Length, .. Encoding.ASCII.GetBytes(user), (byte)password.Length, .. Encoding.ASCII.GetBytes(password)]);

        Assert.Equal([5, 2, 1, 1], await client.ReadToFinAsync());
        Assert.Contains(scenario.Log.Warnings, line => line.Contains($"wrong user name or password for {user}", StringComparison.Ordinal));
        Assert.DoesNotContain(scenario.Log.Lines, line => line.Contains(password.PadRight(1, '\0'), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_must_log_in_cannot_do_without()
    {
        await using var scenario = await WithUsersAsync();

        var five = await scenario.ConnectAsync(5, 2, 0, 1);
        var four = await scenario.ConnectAsync([4, 1, 0, 80, 10, 0, 0, 9, .. "alice"u8, 0]);

        Assert.Equal([5, 0xFF], await five.ReadToFinAsync());
        Assert.Equal([0, 91, 0, 0, 0, 0, 0, 0], await four.ReadToFinAsync());
    }

    [Fact]
    public async Task A_login_that_nobody_could_check_is_not_taken()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));

        Assert.Equal([5, 0xFF], await (await scenario.ConnectAsync(5, 1, 2)).ReadToFinAsync());
    }

    [Fact]
    public async Task What_is_not_SOCKS_is_not_answered()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));

        var client = await scenario.ConnectAsync([.. "G"u8]);

        Assert.Empty(await client.ReadToFinAsync());
        Assert.Contains(scenario.Log.Warnings, line => line.Contains("this is not SOCKS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_does_not_say_what_it_wants_is_let_go_after_30_seconds()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));
        var client = await scenario.ConnectAsync(5, 1, 0);
        Assert.Equal([5, 0], await client.ReadAsync(2));

        await scenario.Time.ElapseAsync(TimeSpan.FromSeconds(30));

        Assert.Empty(await client.ReadToFinAsync());
        Assert.Contains(scenario.Log.Warnings, line => line.Contains("within 30 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_is_let_go()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));
        var client = await scenario.ConnectAsync(5, 1, 0, 5, 1);
        Assert.Equal([5, 0], await client.ReadAsync(2));

        client.Finish();

        Assert.Empty(await client.ReadToFinAsync());
        Assert.Contains(scenario.Log.Warnings, line => line.Contains("left before it said what it wants", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_direct_connection_to_a_listener_that_the_rule_names_is_made()
    {
        using var server = Listener();
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Direct) with { Hosts = ["127.0.0.1"] });

        var client = await scenario.AskAsync("127.0.0.1", PortOf(server));

        await SocksScenario.ExpectAcceptedAsync(client);
        using var accepted = new DataSocket(await server.AcceptAsync().Soon());
        await accepted.SendAsync("hello"u8.ToArray());
        Assert.Equal("hello"u8.ToArray(), await client.ReadAsync(5));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("0x7f.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A_direct_connection_to_this_machine_is_not_made_for_a_rule_that_does_not_name_it(string host)
    {
        using var server = Listener();
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Direct));

        await SocksScenario.ExpectRefusedAsync(await scenario.AskAsync(host, PortOf(server)), 2);

        Assert.False(server.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task A_direct_connection_that_is_refused_is_said_to_be_so()
    {
        using var server = Listener();
        var port = PortOf(server);
        server.Dispose();
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Direct) with { Hosts = ["127.0.0.1"] });

        await SocksScenario.ExpectRefusedAsync(await scenario.AskAsync("127.0.0.1", port), 5);
    }

    [Fact]
    public async Task Who_comes_while_it_stops_is_refused()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));
        var waiting = await scenario.ConnectAsync(5, 1, 0);
        Assert.Equal([5, 0], await waiting.ReadAsync(2));

        var ended = await scenario.Sessions.Ask<SessionsEnded>(EndWhenIdle.Instance, CancellationToken.None).Soon();

        Assert.NotNull(ended);
        Assert.Empty(await waiting.ReadToFinAsync());
        await DataSocket.ExpectTurnedAwayAsync((IPEndPoint)waiting.Socket.RemoteEndPoint!);
    }

    [Fact]
    public async Task A_session_that_is_ended_before_its_target_is_there_is_a_reply()
    {
        await using var scenario = await SocksScenario.StartAsync(SocksScenario.Rule(FilterAction.Tunnel));
        scenario.Transport.Opening = new TaskCompletionSource().Task;
        var client = await scenario.AskAsync("db.internal", 80);
        await Patience.UntilAsync(async () => (await scenario.SessionsAsync()).Count == 1, "a session");

        scenario.Sessions.Tell(new EndNow(Failure.Shutdown), ActorRefs.NoSender);

        await SocksScenario.ExpectRefusedAsync(client, 1);
    }

    private static Task<SocksScenario> WithUsersAsync() => SocksScenario.StartAsync(
        new SocksOptions { Listen = [_anyPort], Users = new SocksUsers([("alice", "wonder"u8.ToArray())]) },
        SocksScenario.Rule(FilterAction.Tunnel) with { SocksUsers = ["alice"] });

    private static Socket Listener()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(_anyPort);
        socket.Listen();
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
