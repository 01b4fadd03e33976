using System.Net.Sockets;
using System.Text;
using ActorTunnel.Lab.Ftp;
using ActorTunnel.Lab.Ftp.Client;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>Replies of single commands, and the server's timeouts.</summary>
public sealed class CommandTests
{
    private readonly GeneratedStorage _storage = new(TimeProvider.System);

    [Theory]
    [InlineData("SYST", "215 UNIX Type: L8")]
    [InlineData("TYPE A N", "200")]
    [InlineData("type i", "200")]
    [InlineData("TYPE E", "504")]
    [InlineData("MODE S", "200")]
    [InlineData("MODE B", "504")]
    [InlineData("STRU F", "200")]
    [InlineData("STRU R", "504")]
    [InlineData("OPTS UTF8 ON", "200")]
    [InlineData("OPTS MLST size", "501")]
    [InlineData("ALLO 100", "202")]
    [InlineData("ACCT x", "202")]
    [InlineData("HELP", "214")]
    [InlineData("STAT", "211")]
    [InlineData("ABOR", "226")]
    [InlineData("CDUP", "250")]
    [InlineData("CWD /f", "550")]
    [InlineData("CWD a\"b", "250")]
    [InlineData("MKD a\"b/c", "257 \"/a\"\"b/c\" created.")]
    [InlineData("MKD f", "550")]
    [InlineData("MKD none/d", "550")]
    [InlineData("RMD f", "550")]
    [InlineData("DELE a\"b", "550")]
    [InlineData("SIZE f", "213 1000")]
    [InlineData("SIZE a\"b", "550")]
    [InlineData("RNTO g", "503")]
    [InlineData("PASS again", "230")]
    [InlineData("RETR f", "425")]
    [InlineData("AUTH TLS", "500")]
    [InlineData("SITE CHMOD 644 f", "500")]
    [InlineData("", "500")]
    [InlineData("TOOLONGAVERB", "500")]
    public async Task The_reply_to_a_command(string command, string reply)
    {
        _storage.AddFile("/f", 1000);
        _storage.CreateDirectory("/a\"b");
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        Assert.StartsWith(reply, await raw.AskAsync(command));
    }

    [Fact]
    public async Task Facts_of_files_and_directories()
    {
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        var storage = new GeneratedStorage(new FixedTime(time));
        storage.AddFile("/f", 1000);
        storage.CreateDirectory("/d");
        await using var server = LabServer.Start(storage, options => options with { Time = TimeProvider.System });
        using var raw = await RawClient.LogInAsync(server.EndPoint);

        Assert.Equal("213 20260304050607", await raw.AskAsync("MDTM f"));
        Assert.StartsWith("250-", await raw.AskAsync("MLST f"));
        Assert.Equal(" type=file;size=1000;modify=20260304050607; /f", await raw.ReadAsync());
        Assert.StartsWith("250 ", await raw.ReadAsync());
        Assert.Equal("type=dir;modify=20260304050607; d\r\ntype=file;size=1000;modify=20260304050607; f\r\n", await ListAsync(raw, "MLSD"));
        Assert.Equal("d\r\nf\r\n", await ListAsync(raw, "NLST -a"));
        Assert.Equal("f\r\n", await ListAsync(raw, "NLST f"));
        Assert.Equal("", await ListAsync(raw, "LIST d"));
    }

    [Fact]
    public async Task STOU_tells_the_name_it_chose()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        using var data = await raw.OpenDataAsync();
        var reply = await raw.AskAsync("STOU");
        Assert.StartsWith("150 FILE: ", reply);
        await data.SendAsync("abc"u8.ToArray());
        data.Dispose();
        Assert.StartsWith("226", await raw.ReadAsync());
        Assert.Equal(3, _storage.FindUpload("/" + reply["150 FILE: ".Length..])!.Length);
    }

    [Fact]
    public async Task APPE_goes_on_at_the_end()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        foreach (var command in new[] { "STOR u", "APPE u" })
        {
            using var data = await raw.OpenDataAsync();
            Assert.StartsWith("150", await raw.AskAsync(command));
            await data.SendAsync("abc"u8.ToArray());
            data.Dispose();
            Assert.StartsWith("226", await raw.ReadAsync());
        }

        Assert.Equal(System.Security.Cryptography.SHA256.HashData("abcabc"u8), _storage.FindUpload("/u")!.Sha256);
    }

    [Fact]
    public async Task REIN_forgets_the_user()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        Assert.StartsWith("229", await raw.AskAsync("EPSV"));
        Assert.StartsWith("220", await raw.AskAsync("REIN"));
        Assert.StartsWith("530", await raw.AskAsync("LIST"));
        Assert.StartsWith("530", await raw.AskAsync("PWD"));
    }

    [Fact]
    public async Task A_silent_client_hears_421()
    {
        await using var server = LabServer.Start(_storage, options => options with { IdleTimeout = TimeSpan.FromMilliseconds(50) });
        using var raw = await RawClient.ConnectAsync(server.EndPoint);
        Assert.Equal("421 Silent for too long.", await raw.ReadAsync());
        Assert.Null(await raw.ReadAsync());
    }

    [Fact]
    public async Task A_data_connection_that_never_comes_is_425_and_one_that_stands_still_426()
    {
        await using var server = LabServer.Start(_storage, options => options with { DataTimeout = TimeSpan.FromMilliseconds(50) });
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        Assert.StartsWith("229", await raw.AskAsync("EPSV"));
        Assert.StartsWith("150", await raw.AskAsync("STOR u"));
        Assert.StartsWith("425", await raw.ReadAsync());
        Assert.Null((await server.NextTransferAsync()).DataPeer);

        using var data = await raw.OpenDataAsync();
        Assert.StartsWith("150", await raw.AskAsync("STOR u"));
        Assert.StartsWith("426", await raw.ReadAsync());
        Assert.False(_storage.FindUpload("/u")!.IsComplete);
    }

    [Fact]
    public async Task A_refused_transfer_leaves_the_client_usable()
    {
        var content = _storage.AddFile("/f", 1000);
        await using var server = LabServer.Start(_storage);
        await using var client = await server.ConnectAsync(DataMode.ExtendedPassive);
        Assert.Equal(550, (await Assert.ThrowsAsync<FtpException>(() => client.DownloadAsync("/g", Stream.Null, 0, null, default))).Code);
        Assert.Equal(content.Sha256(), (await client.DownloadAsync("/f", Stream.Null, 0, null, default)).Sha256);
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync("NOOP\r\nQUIT", default));
    }

    [Fact]
    public async Task A_wrong_password_is_told()
    {
        await using var server = LabServer.Start(_storage);
        var options = new FtpClientOptions { Server = server.EndPoint, User = LabServer.User, Password = "wrong" };
        Assert.Equal(530, (await Assert.ThrowsAsync<FtpException>(() => FtpClient.ConnectAsync(options, default))).Code);
    }

    private static async Task<string> ListAsync(RawClient raw, string command)
    {
        using var data = await raw.OpenDataAsync();
        Assert.StartsWith("150", await raw.AskAsync(command));
        using var reader = new StreamReader(new NetworkStream(data), Encoding.UTF8);
        var text = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        data.Dispose();
        Assert.StartsWith("226", await raw.ReadAsync());
        return text;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
