using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>An FTP client at the SSH server, an FTP server here, PASV and EPSV.</summary>
public class RemotePassiveTests
{
    private static readonly byte[] _abc = [.. "abc"u8];

    [Fact]
    public async Task A_download_arrives_and_its_end_waits_for_the_server_s_reply()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("RETR file");

        await server.SendAsync(_abc);
        server.Finish();
        Assert.Empty(await server.ReadToFinAsync()); // Answered at once: ProFTPD waits for it.
        Assert.Equal(_abc, await client.ReadAsync(3));
        Assert.False(client.Channel.EofSent);

        await ftp.Server.SendAsync("226 done");
        await ftp.Client.ExpectAsync("226 done");
        Assert.True((await client.ReadToEndAsync()).IsWhole);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task An_upload_arrives_whole()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("STOR file");

        await client.SendAsync(_abc);
        client.Finish();
        await ftp.UntilSecondLookAsync();

        Assert.Equal(_abc, await server.ReadToFinAsync());
        server.Dispose();
        await ftp.Server.SendAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData(true, "226 done", "426 ")]
    [InlineData(true, "426 broken", "426 broken")]
    [InlineData(false, "451 disk error", "451 disk error")]
    public async Task A_broken_download_s_reply_is_on_its_way_before_its_end(bool isReset, string reply, string heard)
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("RETR file");
        await server.SendAsync(_abc);
        await client.ReadAsync(3);
        if (isReset)
            server.Reset();
        else
            server.Finish();
        await ftp.Server.SendAsync(reply);

        Assert.StartsWith(heard, await ftp.Client.ReadLineAsync(), StringComparison.Ordinal);

        Assert.False((await client.ReadToEndAsync()).IsWhole);
        var journal = ftp.Transport.Journal.ToList();
        Assert.True(
            journal.FindLastIndex(entry => entry == (ftp.Client.Channel, false))
                < journal.FindIndex(entry => entry == (client.Channel, true)),
            "The client sees an end before it hears that the file is not whole.");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_client_that_is_gone_in_the_middle_of_a_download_breaks_it()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("RETR file");

        client.Close();

        // What it sends goes nowhere, and it hears that.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
                await server.SendAsync(_abc);
        });
        await ftp.Server.SendAsync("426 broken");
        await ftp.Client.ExpectAsync("426 broken");
    }

    [Fact]
    public async Task The_end_of_an_upload_waits_until_the_SSH_server_has_looked_at_the_control_connection()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        ftp.Transport.Pong = first.Task;
        var (client, server) = await ftp.BeginAsync("STOR file");
        await client.SendAsync(_abc);
        client.Finish();
        await ftp.UntilSecondLookAsync();
        await Patience.UntilAsync(() => ftp.Transport.Pings == 1, "the SSH server asked");
        ftp.Transport.Pong = second.Task;
        first.SetResult();
        await Patience.UntilAsync(() => ftp.Transport.Pings == 2, "the SSH server asked again");

        // The client was killed: what sshd has read of that before its first answer comes behind it.
        ftp.Client.Close();
        second.SetResult();

        await ftp.Server.ExpectAsync("ABOR");
        Assert.Equal(_abc, await server.ReadAsync(3));
        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(2));
        await server.ExpectResetAsync();
        await ftp.Server.SendAsync("426 aborted");
        await ftp.UntilNoSessionAsync();
    }

    [Fact]
    public async Task An_upload_whose_client_cannot_be_asked_for_any_more_is_broken()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        ftp.Transport.Pong = Task.FromException(new SshException(SshFailure.ConnectionLost, "lost"));
        var (client, _) = await ftp.BeginAsync("STOR file");

        client.Finish();
        await ftp.UntilSecondLookAsync();

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SendAsync("426 aborted");
        await ftp.Client.ExpectAsync("426 aborted");
    }

    [Fact]
    public async Task An_SSH_server_that_does_not_answer_for_the_client_of_an_upload_breaks_it_in_a_minute()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        ftp.Transport.Pong = new TaskCompletionSource().Task;
        var (client, _) = await ftp.BeginAsync("STOR file");
        client.Finish();
        await ftp.UntilSecondLookAsync();

        await ftp.Time.ElapseAsync(TimeSpan.FromMinutes(1));

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SendAsync("426 aborted");
        await ftp.Client.ExpectAsync("426 aborted");
    }

    [Fact]
    public async Task A_broken_upload_s_connection_stays_until_the_server_has_answered_ABOR()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("STOR file");
        await client.SendAsync(_abc);
        Assert.Equal(_abc, await server.ReadAsync(3));

        client.Break();

        await ftp.Server.ExpectAsync("ABOR");
        var end = server.ReadAsync(1);
        Assert.False(end.IsCompleted);
        await ftp.Server.SendAsync("426 aborted\r\n226 closed");
        await ftp.Client.ExpectAsync("426 aborted");
        await Assert.ThrowsAsync<SocketException>(() => end);
        await ftp.AnswerSeparationAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task An_upload_that_the_server_resets_is_not_aborted_once_more()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (client, server) = await ftp.BeginAsync("STOR file");
        await client.SendAsync(_abc);
        await server.ReadAsync(3);

        server.Reset();
        await client.ReadToEndAsync();

        await ftp.Server.SendAsync("552 disk full");
        await ftp.Client.ExpectAsync("552 disk full");
        await ftp.ExpectToWorkAsync(); // And not ABOR.
    }

    [Fact]
    public async Task SSH_lost_in_an_upload_is_told_to_the_server_before_its_data_ends()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (_, server) = await ftp.BeginAsync("STOR file");

        ftp.Transport.Lose();

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SendAsync("426 aborted");
        await server.ExpectResetAsync();
        await ftp.UntilNoSessionAsync();
    }

    [Fact]
    public async Task PASV_names_the_loopback_address_that_the_SSH_server_listens_on()
    {
        await using var ftp = await RemoteScenario.StartAsync();

        Assert.StartsWith("227 Entering (127,0,0,1,", await PassiveReplyAsync(ftp), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A14_PASV_of_a_client_that_has_come_by_IPv6_means_the_host_of_its_control_connection()
    {
        await using var ftp = await RemoteScenario.StartAsync(originator: "::1");

        Assert.StartsWith("227 Entering (0,0,0,0,", await PassiveReplyAsync(ftp), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PASV_names_the_address_of_the_options()
    {
        await using var ftp = await RemoteScenario.StartAsync("", new() { AdvertiseAddress = IPAddress.Parse("192.0.2.9") });

        Assert.StartsWith("227 Entering (192,0,2,9,", await PassiveReplyAsync(ftp), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PASV_without_an_address_to_tell_is_502_and_EPSV_works()
    {
        await using var ftp = await RemoteScenario.StartAsync("10.0.0.5");

        await ftp.Client.SayAsync("PASV");
        Assert.StartsWith("502 ", await ftp.Client.ReadLineAsync(), StringComparison.Ordinal);

        await DownloadAsync(ftp);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task PASV_works_when_GatewayPorts_no_has_left_loopback_only()
    {
        await using var ftp = await RemoteScenario.StartAsync("", loopbackOnly: true);

        Assert.StartsWith("227 Entering (127,0,0,1,", await PassiveReplyAsync(ftp), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_connection_from_another_address_is_refused_and_the_client_s_is_taken()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (port, server) = await ftp.PassiveAsync();

        Assert.Null(await ftp.Transport.ConnectAsync(port, "192.0.2.1").Soon());

        var client = await ftp.ConnectAsync(port);
        await ftp.ExchangeAsync("RETR file", "150 here");
        server.Finish();
        await ftp.Server.SendAsync("226 done");
        Assert.True((await client.ReadToEndAsync()).IsWhole);
        await ftp.Client.ExpectAsync("226 done");
        Assert.Contains(ftp.Log.Lines, line => line.Contains("refused a data connection from 192.0.2.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_data_connection_breaks_the_transfer()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        var (port, server) = await ftp.PassiveAsync();
        await ftp.ConnectAsync(port);
        await ftp.ExchangeAsync("RETR file", "150 here");

        Assert.Null(await ftp.Transport.ConnectAsync(port).Soon());

        await server.ExpectResetAsync();
        await ftp.Server.SendAsync("226 done");
        Assert.StartsWith("426 ", await ftp.Client.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_transfers_ask_for_one_data_listener()
    {
        await using var ftp = await RemoteScenario.StartAsync();

        for (var i = 0; i < 20; i++)
            await DownloadAsync(ftp);

        Assert.Equal(2, ftp.Transport.Listens); // The other is the forward itself.
    }

    [Fact]
    public async Task A_data_port_of_the_server_that_takes_no_connection_is_425()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        await ftp.Client.SayAsync("EPSV");
        await ftp.Server.ExpectAsync("EPSV");

        await ftp.Server.SendAsync("229 Extended Passive Mode (|||1|)");

        var reply = await ftp.Client.ReadLineAsync();
        if (reply!.StartsWith("229", StringComparison.Ordinal))
        {
            await Patience.UntilAsync(
                () => ftp.Log.Lines.Any(line => line.Contains("data-1 broken", StringComparison.Ordinal)),
                "it is broken");
            await ftp.ExpectToWorkAsync();
            await ftp.Client.SayAsync("RETR file");
            reply = await ftp.Client.ReadLineAsync();
        }

        Assert.StartsWith("425 ", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_421()
    {
        await using var ftp = await RemoteScenario.ListenAsync();
        ftp.CloseServer();

        var client = await ftp.ConnectAsync(ftp.Port);

        var reply = await client.ReadLineAsync();
        Assert.StartsWith("421 Cannot reach the FTP server: Connection to 127.0.0.1 port ", reply, StringComparison.Ordinal);
        Assert.Null(await client.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_that_is_not_taken_hears_421()
    {
        await using var ftp = await RemoteScenario.ListenAsync();
        await ftp.Sessions.Ask<SessionsEnded>(EndWhenIdle.Instance, CancellationToken.None).Soon();

        var client = await ftp.ConnectAsync(ftp.Port);

        Assert.StartsWith("421 ", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Null(await client.ReadLineAsync());
    }

    private static async Task<string?> PassiveReplyAsync(RemoteScenario ftp)
    {
        await ftp.Client.SayAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SendAsync("227 Entering (10,0,0,1,0,1)");
        return await ftp.Client.ReadLineAsync();
    }

    private static async Task DownloadAsync(RemoteScenario ftp)
    {
        var (client, server) = await ftp.BeginAsync("RETR file");
        await server.SendAsync(_abc);
        server.Finish();
        await ftp.Server.SendAsync("226 done");
        await ftp.Client.ExpectAsync("226 done");
        Assert.Equal(_abc, (await client.ReadToEndAsync()).Bytes);
    }
}
