using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>VerifySize: a success of the server's counts when the file has as many bytes as were sent.</summary>
public sealed class VerifiedSizeTests
{
    private static readonly FtpOptions _verified = new() { VerifySize = true };

    [Fact]
    public async Task C10_the_size_is_compared_and_the_client_hears_the_server_s_own_words()
    {
        await using var ftp = await StartAsync(_verified);
        await UploadAsync(ftp, "STOR in/file", 1000);
        await ftp.Server.ExpectAsync("SIZE in/file");
        await ftp.Server.SayAsync("213 1000");

        await ftp.Client.ExpectAsync("226 stored");
        await ftp.ExpectToWorkAsync();
        Assert.Equal(Failure.None, (await ftp.Audit.OneTransferAsync()).Outcome);
    }

    [Theory]
    [InlineData("STOR file", "file", 0, 999)]
    [InlineData("STOR file", "file", 0, 1001)]
    [InlineData("STOR file", "file", 50, 1049)]
    [InlineData("STOU", "file.1", 0, 0)]
    public async Task Another_size_is_451_with_both_numbers(string command, string asked, int offset, int size)
    {
        await using var ftp = await StartAsync(_verified);
        if (offset > 0)
            await ftp.ExchangeAsync($"REST {offset}", "350 from there");
        await UploadAsync(ftp, command, 1000);
        await ftp.Server.ExpectAsync($"SIZE {asked}");
        await ftp.Server.SayAsync($"213 {size}");

        await ftp.Client.ExpectAsync($"451 The file on the server has {size} bytes, but {offset + 1000} were sent; upload it again. [s1]");
        var record = await ftp.Audit.OneTransferAsync();
        Assert.Equal(
            (Failure.FtpServer, $"the file on the server has {size} bytes, not {offset + 1000}", 1000L),
            (record.Outcome, record.Reason, record.Bytes));
        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData("500 what")]
    [InlineData("550 not in this directory")]
    [InlineData("213 many")]
    public async Task A_server_that_does_not_tell_has_the_last_word_and_the_log_says_so_once(string reply)
    {
        await using var ftp = await StartAsync(_verified);
        for (var i = 0; i < 2; i++)
        {
            await UploadAsync(ftp, "STOR file", 10);
            await ftp.Server.ExpectAsync("SIZE file");
            await ftp.Server.SayAsync(reply);
            await ftp.Client.ExpectAsync("226 stored");
        }

        Assert.Single(ftp.Log.Lines, line => line.Contains("not compared", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("TYPE A", "STOR file")]
    [InlineData("MODE Z", "STOR file")]
    [InlineData("STRU P", "STOR file")]
    [InlineData("REST x", "STOR file")]
    [InlineData("NOOP", "APPE file")]
    public async Task C10_where_bytes_sent_are_not_the_file_nothing_is_compared(string set, string command)
    {
        await using var ftp = await StartAsync(_verified);
        await ftp.ExchangeAsync(set, set.StartsWith("REST", StringComparison.Ordinal) ? "350 ok" : "200 ok");

        await UploadAsync(ftp, command, 10);

        await ftp.Client.ExpectAsync("226 stored");
        await ftp.ExpectToWorkAsync();
        Assert.Single(ftp.Log.Lines, line => line.Contains("not compared", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(9)]
    public async Task With_a_temporary_name_the_size_comes_first(int size)
    {
        await using var ftp = await StartAsync(_verified with { UploadName = UploadName.Temporary });
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.Client.SendAsync("STOR file");
        var temporary = (await ftp.Server.ReadLineAsync())!["STOR ".Length..];
        await ftp.Server.SayAsync("150 go on");
        await ftp.Client.ExpectAsync("150 go on");
        await data.SendAsync(new byte[10]);
        data.Finish();
        await ftp.Time.ElapseAsync(TimeSpan.FromMilliseconds(250)); // A killed client would be noticed now.
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 stored");
        await ftp.Server.ExpectAsync($"SIZE {temporary}");
        await ftp.Server.SayAsync($"213 {size}");
        if (size == 10)
        {
            await ftp.Server.ExpectAsync($"RNFR {temporary}");
            await ftp.Server.SayAsync("350 ready");
            await ftp.Server.ExpectAsync("RNTO file");
            await ftp.Server.SayAsync("250 renamed");
            await ftp.Client.ExpectAsync("226 stored");
        }
        else
        {
            await ftp.Server.ExpectAsync($"DELE {temporary}");
            await ftp.Server.SayAsync("250 gone");
            await ftp.Client.ExpectAsync(451);
        }

        Assert.Null((await ftp.Audit.OneTransferAsync()).Leftover);
    }

    [Fact]
    public async Task With_a_remote_forward_it_is_the_same()
    {
        await using var ftp = await RemoteScenario.StartAsync(options: _verified);
        await ftp.ExchangeAsync("TYPE I", "200 binary");
        var (client, server) = await ftp.BeginAsync("STOR file");
        await client.SayAsync("abc");
        client.Finish();
        await ftp.UntilSecondLookAsync();
        await server.ReadToFinAsync();
        await ftp.Server.SendAsync("226 stored");
        await ftp.Server.ExpectAsync("SIZE file");
        await ftp.Server.SendAsync("213 4");

        await ftp.Client.ExpectAsync("451 The file on the server has 4 bytes, but 5 were sent; upload it again. [s1]");
    }

    private static async Task<FtpScenario> StartAsync(FtpOptions options)
    {
        var ftp = await FtpScenario.StartAsync(options: options);
        await ftp.ExchangeAsync("TYPE I", "200 binary");
        return ftp;
    }

    private static async Task UploadAsync(FtpScenario ftp, string command, int size)
    {
        var (far, endPoint) = await ftp.PassiveAsync();
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.ExchangeAsync(command, command == "STOU" ? "150 FILE: file.1" : "150 go on");
        await data.SendAsync(new byte[size]);
        data.Finish();
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 stored");
    }
}
