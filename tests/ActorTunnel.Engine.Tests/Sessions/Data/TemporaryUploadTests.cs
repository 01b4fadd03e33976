using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>
/// UploadName=temporary: the server has a file under its final name when all of it has arrived, and never before.
/// </summary>
public sealed class TemporaryUploadTests
{
    private static readonly FtpOptions _temporary = new() { UploadName = UploadName.Temporary };

    [Theory]
    [InlineData("file", 0)]
    [InlineData("in/today/file", 100_000)]
    public async Task F3_a_whole_upload_gets_its_name_before_the_client_hears_of_success(string name, int size)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginAsync(ftp, name);
        Assert.Matches(@"^(in/today/)?\.file\.[0-9a-f]{8}\.part$", temporary);
        await ftp.Client.SendAsync("SIZE file\r\nQUIT"); // Pipelined: they wait for the name.

        await data.SendAsync(new byte[size]);
        data.Finish(); // A client that has said QUIT is known to live until then.
        Assert.Equal((size, true), await LengthAsync(far));
        await ftp.Server.SayAsync("226 stored");
        await RenameAsync(ftp, temporary, name);

        await ftp.Client.ExpectAsync("226 stored");
        await ftp.Server.ExpectAsync("SIZE file");
        await ftp.Server.SayAsync($"213 {size}");
        await ftp.Client.ExpectAsync($"213 {size}");
        await ftp.Server.ExpectAsync("QUIT");
        await ftp.Server.SayAsync("221 bye");
        await ftp.Client.ExpectAsync("221 bye");
        var record = await ftp.Audit.OneTransferAsync();
        Assert.Equal((name, size, Failure.None, null), (record.File!, (int)record.Bytes!, record.Outcome!.Value, record.Leftover));
    }

    [Fact]
    public async Task The_client_hears_of_its_file_by_its_own_name()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.Client.SendAsync("STOR file");
        var temporary = (await ftp.Server.ReadLineAsync())!["STOR ".Length..];
        await ftp.Server.SayAsync($"150 Opening BINARY mode data connection for {temporary}.");
        await ftp.Client.ExpectAsync("150 Opening BINARY mode data connection for file.");

        await FinishAsync(ftp, data);
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync($"226 {temporary} stored");
        await RenameAsync(ftp, temporary, "file");

        await ftp.Client.ExpectAsync("226 file stored");
    }

    [Theory]
    [InlineData("550 Permission denied.", null)]
    [InlineData("350 Ready.", "553 file exists")]
    public async Task A_file_that_the_server_does_not_rename_is_451_with_the_name_that_it_has(string from, string? to)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginAsync(ftp, "file");
        await FinishAsync(ftp, data);
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.ExpectAsync($"RNFR {temporary}");
        await ftp.Server.SayAsync(from);
        if (to is not null)
        {
            await ftp.Server.ExpectAsync("RNTO file");
            await ftp.Server.SayAsync(to);
        }

        await ftp.Client.ExpectAsync($"451 Stored as {temporary}, could not be renamed: {to ?? from} [s1]");

        var record = await ftp.Audit.OneTransferAsync();
        Assert.Equal((Failure.FtpServer, temporary), (record.Outcome, record.Leftover));
        Assert.Contains("\"leftover\":\"", AuditCapture.Line(record), StringComparison.Ordinal);
        Assert.Contains(ftp.Log.Warnings, line => line.Contains(temporary.Split('.')[^2], StringComparison.Ordinal));
        Assert.DoesNotContain(ftp.Log.Lines, line => line.Contains(temporary, StringComparison.Ordinal));
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("552 disk full")]
    [InlineData("426 broken")]
    [InlineData("451 something")]
    public async Task What_the_server_could_not_store_is_deleted(string reply)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, _, temporary) = await BeginAsync(ftp, "file");
        far.Close();
        await ftp.Server.SayAsync(reply);
        await ftp.Server.ExpectAsync($"DELE {temporary}");
        await ftp.Server.SayAsync("250 gone");

        await ftp.Client.ExpectAsync(reply);

        Assert.Null((await ftp.Audit.OneTransferAsync()).Leftover);
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("553 no such name here")]
    [InlineData("550 permission denied")]
    public async Task A_refused_STOR_has_left_nothing_and_is_not_tried_under_its_own_name(string reply)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        await ftp.PassiveAsync();
        await ftp.Client.SendAsync("STOR file");
        await ftp.Server.ReadLineAsync();

        await ftp.Server.SayAsync(reply);

        await ftp.Client.ExpectAsync(reply);
        await ftp.ExpectToWorkAsync();
        Assert.Equal((Failure.FtpServer, null), ((await ftp.Audit.OneTransferAsync()).Outcome, ftp.Audit.Transfers[0].Leftover));
    }

    [Fact]
    public async Task What_the_server_does_not_delete_is_named_in_audit_and_warned_of()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, _, temporary) = await BeginAsync(ftp, "file");
        far.Close();
        await ftp.Server.SayAsync("552 disk full");
        await ftp.Server.ExpectAsync($"DELE {temporary}");
        await ftp.Server.SayAsync("550 may not");

        await ftp.Client.ExpectAsync("552 disk full");

        Assert.Equal(temporary, (await ftp.Audit.OneTransferAsync()).Leftover);
        Assert.Contains(ftp.Log.Warnings, line => line.Contains("has left a file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_does_not_hear_ABOR_sees_the_data_end_in_two_seconds_and_its_success_is_deleted()
    {
        // vsftpd does not look at its control connection during a transfer, and would wait 300 s for data.
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginAsync(ftp, "file");
        await data.SendAsync(new byte[1000]);
        await far.ReadAsync(1000);

        data.Reset();
        await ftp.Server.ExpectAsync("ABOR");
        Assert.True(far.Channel.IsOpen);
        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(2));
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.SayAsync("225 nothing to abort");
        await ftp.Server.ExpectAsync($"DELE {temporary}");
        await ftp.Server.SayAsync("250 gone");

        await ftp.Client.ExpectAsync(426);
        await ftp.ExpectToWorkAsync();
        Assert.Equal((Failure.PeerReset, null), ((await ftp.Audit.OneTransferAsync()).Outcome, ftp.Audit.Transfers[0].Leftover));
    }

    [Theory]
    [InlineData("250 gone", false)]
    [InlineData("550 may not", true)]
    public async Task B12_what_a_client_has_left_unfinished_is_deleted_before_its_session_ends(string reply, bool isLeft)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginAsync(ftp, "file");
        await data.SendAsync(new byte[1000]);
        await far.ReadAsync(1000);

        ftp.Client.Reset();
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Server.SayAsync("226 abort done");
        await ftp.Server.ExpectAsync($"DELE {temporary}");
        await ftp.Server.SayAsync(reply);

        await ftp.ExpectNothingLeftAsync();
        Assert.Equal(isLeft ? temporary : null, (await ftp.Audit.OneTransferAsync()).Leftover);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_about_what_is_left_is_given_5_seconds()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (_, _, temporary) = await BeginAsync(ftp, "file");
        ftp.Client.Reset();
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Server.ExpectAsync($"DELE {temporary}");

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(5));

        await ftp.ExpectNothingLeftAsync();
        Assert.Equal(temporary, (await ftp.Audit.OneTransferAsync()).Leftover);
    }

    [Theory]
    [InlineData("LIST")]
    [InlineData("RETR nothing")]
    public async Task C10_a_REST_that_may_still_hold_keeps_the_name(string between)
    {
        // vsftpd keeps it through a listing, and would write into the middle of a new file.
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        await ftp.ExchangeAsync("REST 100", "350 restarting");
        await ftp.PassiveAsync();
        await ftp.ExchangeAsync(between, "550 no such file");

        await ftp.PassiveAsync();
        await ftp.Client.SendAsync("STOR file");

        await ftp.Server.ExpectAsync("STOR file");
    }

    [Fact]
    public async Task A_client_that_leaves_while_its_file_gets_its_name_has_it()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginAsync(ftp, "file");
        await FinishAsync(ftp, data);
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.ExpectAsync($"RNFR {temporary}");

        ftp.Client.Reset();
        await Patience.UntilAsync(() => ftp.Time.IsDueIn(left => left == TimeSpan.FromSeconds(5)), "the end waits");
        await ftp.Server.SayAsync("350 ready");
        await ftp.Server.ExpectAsync("RNTO file");
        await ftp.Server.SayAsync("250 renamed");

        await ftp.ExpectNothingLeftAsync();
        Assert.Equal((Failure.None, null), ((await ftp.Audit.OneTransferAsync()).Outcome, ftp.Audit.Transfers[0].Leftover));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_lost_SSH_connection_leaves_is_named_in_audit(bool isComplete)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginAsync(ftp, "file");
        if (isComplete)
        {
            await FinishAsync(ftp, data);
            await far.ReadToEndAsync();
            await ftp.Server.SayAsync("226 stored");
            await ftp.Server.ExpectAsync($"RNFR {temporary}");
        }

        ftp.Transport.Lose();

        await ftp.Client.ExpectAsync(426);
        await ftp.Client.ExpectAsync(421);
        var record = await ftp.Audit.OneTransferAsync();
        Assert.Equal((Failure.ConnectionLost, temporary), (record.Outcome, record.Leftover));
        Assert.Contains(ftp.Log.Warnings, line => line.Contains("has left a file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_now_deletes_what_is_broken_by_it()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (_, _, temporary) = await BeginAsync(ftp, "file");

        ftp.Sessions.Tell(new ActorTunnel.Engine.Sessions.EndNow(Failure.Shutdown), ActorRefs.NoSender);
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Server.ExpectAsync($"DELE {temporary}");
        await ftp.Server.SayAsync("250 gone");

        await ftp.Client.ExpectAsync(426);
        await ftp.Client.ExpectAsync(421);
        await ftp.ExpectNothingLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B10_the_replies_to_ABOR_and_STAT_come_behind_the_one_to_the_upload(bool isBroken)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginAsync(ftp, "file");
        await ftp.Client.SendAsync("STAT");
        await ftp.Server.ExpectAsync("STAT");
        if (!isBroken)
        {
            await FinishAsync(ftp, data);
            await far.ReadToEndAsync();
        }

        await ftp.Client.SendAsync("ABOR");
        await ftp.Server.ExpectAsync("ABOR");
        if (isBroken)
            data.Finish();
        await ftp.Server.SayAsync(isBroken ? "426 broken" : "226 stored"); // Too late to abort.
        await ftp.Server.SayAsync("211 status");
        await ftp.Server.SayAsync("226 abort done");
        if (isBroken)
        {
            await ftp.Server.ExpectAsync($"DELE {temporary}");
            await ftp.Server.SayAsync("250 gone");
        }
        else
        {
            await RenameAsync(ftp, temporary, "file");
        }

        await ftp.Client.ExpectAsync(isBroken ? "426 broken" : "226 stored");
        await ftp.Client.ExpectAsync("211 status");
        await ftp.Client.ExpectAsync("226 abort done");
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task An_ABOR_does_not_come_between_RNFR_and_RNTO()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginAsync(ftp, "file");
        await FinishAsync(ftp, data);
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.ExpectAsync($"RNFR {temporary}");
        await ftp.Client.SendAsync("ABOR");
        await Patience.UntilAsync(() => ftp.Log.Lines.Any(line => line.Contains("command Abor", StringComparison.Ordinal)), "ABOR");

        await ftp.Server.SayAsync("350 ready");
        await ftp.Server.ExpectAsync("RNTO file");
        await ftp.Server.SayAsync("250 renamed");

        await ftp.Client.ExpectAsync("226 stored");
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("225 nothing to abort");
        await ftp.Client.ExpectAsync("225 nothing to abort");
    }

    [Theory]
    [InlineData("APPE file", false)]
    [InlineData("STOU", false)]
    [InlineData("STOR file", true)]
    public async Task C10_APPE_STOU_and_REST_keep_their_name_and_the_log_says_so_once(string command, bool restarts)
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        for (var i = 0; i < 2; i++)
        {
            if (restarts)
                await ftp.ExchangeAsync("REST 100", "350 from there");
            var (far, data) = await ftp.BeginAsync(command);
            data.Finish();
            await far.ReadToEndAsync();
            await ftp.Server.SayAsync("226 stored");
            await ftp.Client.ExpectAsync("226 stored");
        }

        Assert.Single(ftp.Log.Lines, line => line.Contains("its final name from the start", StringComparison.Ordinal));
        await BeginAsync(ftp, "next"); // REST was about one transfer.
    }

    [Fact]
    public async Task A_file_that_cannot_have_a_temporary_name_is_not_stored_under_its_own()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        await ftp.PassiveAsync();

        await ftp.Client.SendAsync("STOR a\0b");

        await ftp.Client.ExpectAsync(553);
        await ftp.ExpectToWorkAsync();
        Assert.Equal(Failure.Policy, (await ftp.Audit.OneTransferAsync()).Outcome);
    }

    [Fact]
    public async Task C4_an_upload_whose_client_never_connects_leaves_no_empty_file()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, _) = await ftp.PassiveAsync();
        await ftp.Client.SendAsync("STOR file");
        var temporary = (await ftp.Server.ReadLineAsync())!["STOR ".Length..];
        await ftp.Server.SayAsync("150 go on");
        await ftp.Client.ExpectAsync("150 go on");

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(60));
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(2));
        Assert.False((await far.ReadToEndAsync()).IsWhole);
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.ExpectAsync($"DELE {temporary}");
        await ftp.Server.SayAsync("250 gone");

        await ftp.Client.ExpectAsync(425);
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task A_server_that_talks_without_end_instead_of_answering_is_given_up()
    {
        await using var ftp = await FtpScenario.StartAsync(options: _temporary);
        var (far, data, temporary) = await BeginAsync(ftp, "file");
        await ftp.Client.SendAsync("STAT");
        await ftp.Server.ExpectAsync("STAT");
        await FinishAsync(ftp, data);
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.ExpectAsync($"RNFR {temporary}");

        for (var i = 0; i <= 64; i++)
            await ftp.Server.SayAsync("no reply at all");

        await ftp.Client.ExpectAsync(421);
        Assert.Equal((Failure.Limit, temporary), ((await ftp.Audit.OneTransferAsync()).Outcome, ftp.Audit.Transfers[0].Leftover));
    }

    [Fact]
    public async Task With_a_remote_forward_it_is_the_same()
    {
        await using var ftp = await RemoteScenario.StartAsync(options: _temporary);
        for (var isWhole = 0; isWhole < 2; isWhole++)
        {
            var (port, server) = await ftp.PassiveAsync();
            var client = await ftp.ConnectAsync(port);
            await ftp.Client.SayAsync("STOR file");
            var temporary = (await ftp.Server.ReadLineAsync())!["STOR ".Length..];
            await ftp.Server.SendAsync("150 go on");
            await ftp.Client.ExpectAsync("150 go on");
            if (isWhole == 1)
            {
                client.Finish();
                await ftp.UntilSecondLookAsync();
                await server.ReadToFinAsync();
                await ftp.Server.SendAsync("226 stored");
                await ftp.Server.ExpectAsync($"RNFR {temporary}");
                await ftp.Server.SendAsync("350 ready");
                await ftp.Server.ExpectAsync("RNTO file");
                await ftp.Server.SendAsync("250 renamed");
                await ftp.Client.ExpectAsync("226 stored");
            }
            else
            {
                client.Break();
                await ftp.Server.ExpectAsync("ABOR");
                await ftp.Server.SendAsync("426 aborted\r\n226 abort done");
                await ftp.Server.ExpectAsync($"DELE {temporary}");
                await ftp.Server.SendAsync("250 gone");
                await ftp.Client.ExpectAsync("426 aborted");
            }
        }

        await ftp.ExpectToWorkAsync();
    }

    /// <summary>The end of the file, and the time in which a killed client would be noticed.</summary>
    private static Task FinishAsync(FtpScenario ftp, DataSocket data)
    {
        data.Finish();
        return ftp.Time.ElapseAsync(TimeSpan.FromMilliseconds(250));
    }

    private static async Task<(FarEnd Far, DataSocket Data, string Temporary)> BeginAsync(FtpScenario ftp, string name)
    {
        var (far, endPoint) = await ftp.PassiveAsync();
        var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.Client.SendAsync($"STOR {name}");
        var line = (await ftp.Server.ReadLineAsync())!;
        Assert.StartsWith("STOR ", line, StringComparison.Ordinal);
        Assert.EndsWith(".part", line, StringComparison.Ordinal);
        await ftp.Server.SayAsync("150 go on");
        await ftp.Client.ExpectAsync("150 go on");
        return (far, data, line["STOR ".Length..]);
    }

    private static async Task RenameAsync(FtpScenario ftp, string temporary, string name)
    {
        await ftp.Server.ExpectAsync($"RNFR {temporary}");
        await ftp.Server.SayAsync("350 ready");
        await ftp.Server.ExpectAsync($"RNTO {name}");
        await ftp.Server.SayAsync("250 renamed");
    }

    private static async Task<(int Length, bool IsWhole)> LengthAsync(FarEnd far)
    {
        var (bytes, isWhole) = await far.ReadToEndAsync();
        return (bytes.Length, isWhole);
    }
}
