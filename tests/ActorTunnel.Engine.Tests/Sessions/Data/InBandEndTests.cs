using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>
/// MODE B and C and STRU R mark the end of a file in the data (RFC 959, section 3.4): one data connection carries many, and its end says
/// nothing about them.
/// </summary>
public sealed class InBandEndTests
{
    private static readonly byte[] _block = [0x40, 0, 3, 1, 2, 3]; // End of file; three bytes.

    [Theory]
    [InlineData("MODE B", "250 transfer complete")]
    [InlineData("MODE C", "250 transfer complete")]
    [InlineData("STRU R", "226 transfer complete")] // Whatever the server says, its connection is open.
    public async Task C9_one_data_connection_carries_many_files_both_ways(string set, string done)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync(set, "200 ok");
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        for (var i = 0; i < 3; i++)
        {
            await ftp.ExchangeAsync("RETR file", "150 here it comes");
            await far.SendAsync(_block);
            Assert.Equal(_block, await data.ReadAsync(_block.Length));
            await ftp.Server.SayAsync(done);
            await ftp.Client.ExpectAsync(done);

            await ftp.ExchangeAsync("STOR file", "150 go on");
            await data.SendAsync(_block);
            Assert.Equal(_block, await far.ReadAsync(_block.Length));
            await ftp.Server.SayAsync(done);
            await ftp.Client.ExpectAsync(done);
        }

        Assert.Equal(1, ftp.Transport.OpenChannels.Count(channel => channel == far.Channel));
        await Patience.UntilAsync(() => ftp.Audit.Transfers.Count == 6, "six transfers in audit");
        Assert.All(ftp.Audit.Transfers, transfer => Assert.Equal((Failure.None, 6L), (transfer.Outcome, transfer.Bytes)));
    }

    [Fact]
    public async Task C9_with_a_remote_forward_it_is_the_same()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        await ftp.ExchangeAsync("MODE B", "200 ok");
        var (port, server) = await ftp.PassiveAsync();
        var client = await ftp.ConnectAsync(port);
        for (var i = 0; i < 2; i++)
        {
            await ftp.ExchangeAsync("RETR file", "150 here it comes");
            await server.SendAsync(_block);
            Assert.Equal(_block, await client.ReadAsync(_block.Length));
            await ftp.Server.SendAsync("250 done");
            await ftp.Client.ExpectAsync("250 done");
            await ftp.ExchangeAsync("STOR file", "150 go on");
            await client.SendAsync(_block);
            Assert.Equal(_block, await server.ReadAsync(_block.Length));
            await ftp.Server.SendAsync("250 done");
            await ftp.Client.ExpectAsync("250 done");
        }

        server.Dispose();
        await client.ReadToEndAsync();
        Assert.True(client.Channel.EofSent);
    }

    [Fact]
    public async Task C9_a_file_that_is_not_there_leaves_the_connection_for_the_next()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("MODE B", "200 ok");
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.ExchangeAsync("RETR nothing", "550 no such file");

        await ftp.ExchangeAsync("RETR file", "150 here it comes");
        await far.SendAsync(_block);
        await ftp.Server.SayAsync("250 done");
        await ftp.Client.ExpectAsync("250 done");

        Assert.Equal(_block, await data.ReadAsync(_block.Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C9_a_server_that_closes_with_or_behind_its_reply_is_the_end_of_it(bool before)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("MODE B", "200 ok");
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync(_block);
        if (before)
            far.Close();
        await ftp.Server.SayAsync("226 done");
        await ftp.Client.ExpectAsync("226 done");
        if (!before)
            far.Close();

        Assert.Equal(_block, await data.ReadToFinAsync());
        await Patience.UntilAsync(() => !far.Channel.IsOpen, "the channel closed");
        await ftp.Client.SendAsync("RETR file");
        await ftp.Client.ExpectAsync(425);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C9_a_client_that_closes_between_two_files_ends_it_for_the_server()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("MODE B", "200 ok");
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync(_block);
        await far.ReadAsync(_block.Length);
        await ftp.Server.SayAsync("250 done");
        await ftp.Client.ExpectAsync("250 done");

        data.Finish();

        Assert.True((await far.ReadToEndAsync()).IsWhole);
        await Patience.UntilAsync(() => !far.Channel.IsOpen, "the channel closed");
        await ftp.Client.SendAsync("STOR file");
        await ftp.Client.ExpectAsync(425);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C9_a_break_in_the_middle_is_a_reset_and_426()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("MODE B", "200 ok");
        var (far, data) = await ftp.BeginAsync("RETR one");
        await far.SendAsync(_block);
        await ftp.Server.SayAsync("250 done");
        await ftp.Client.ExpectAsync("250 done");
        await ftp.ExchangeAsync("RETR two", "150 here it comes");

        far.Break();
        await ftp.Server.SayAsync("426 broken");

        await data.ExpectResetAsync();
        await ftp.Client.ExpectAsync("426 broken");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task C9_back_in_stream_mode_the_connection_is_closed_because_its_end_would_be_a_file_s()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("MODE B", "200 ok");
        var (far, data) = await ftp.BeginAsync("RETR one");
        await far.SendAsync(_block);
        Assert.Equal(_block, await data.ReadAsync(_block.Length));
        await ftp.Server.SayAsync("250 done");
        await ftp.Client.ExpectAsync("250 done");

        await ftp.ExchangeAsync("MODE S", "200 ok");

        await Patience.UntilAsync(() => !far.Channel.IsOpen, "the channel closed");
        await data.ExpectResetAsync();
        await ftp.Client.SendAsync("RETR two");
        await ftp.Client.ExpectAsync(425);
        var (next, nextData) = await ftp.BeginAsync("RETR two");
        next.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Empty(await nextData.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }

    [Fact]
    public async Task C9_PASV_closes_the_connection_before_it()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("MODE B", "200 ok");
        var (far, _) = await ftp.BeginAsync("RETR one");
        await far.SendAsync(_block);
        await ftp.Server.SayAsync("250 done");
        await ftp.Client.ExpectAsync("250 done");

        var (next, _) = await ftp.BeginAsync("RETR two");

        await Patience.UntilAsync(() => !far.Channel.IsOpen, "the channel closed");
        Assert.True(next.Channel.IsOpen);
    }

    [Fact]
    public async Task C9_a_killed_client_s_unfinished_file_is_aborted_as_in_stream_mode()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("MODE B", "200 ok");
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync(_block.AsMemory(0, 4));
        await far.ReadAsync(4);

        ftp.Client.Reset();
        data.Finish();

        await ftp.Server.ExpectAsync("ABOR");
        Assert.False(far.Channel.EofSent);
        await ftp.Server.SayAsync("426 aborted");
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData("MODE Z")]
    [InlineData("TYPE A")]
    [InlineData("TYPE E")]
    [InlineData("TYPE L 8")]
    [InlineData("STRU P")]
    public async Task C10_other_forms_of_data_go_through_byte_for_byte_with_their_end(string set)
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync(set, "200 ok");
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var (far, data) = await ftp.BeginAsync("STOR file");
        await data.SendAsync(bytes);
        data.Finish();
        Assert.Equal(bytes, (await far.ReadToEndAsync()).Bytes);
        await ftp.Server.SayAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");

        var (from, to) = await ftp.BeginAsync("RETR file");
        await from.SendAsync(bytes);
        from.Close();
        await ftp.Server.SayAsync("226 done");

        Assert.Equal(bytes, await to.ReadToFinAsync());
        await ftp.Client.ExpectAsync("226 done");
    }
}
