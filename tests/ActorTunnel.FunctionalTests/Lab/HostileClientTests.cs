using System.Net.Sockets;
using ActorTunnel.Lab.Ftp.Server;
using ActorTunnel.Lab.Ftp.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>Whatever a client sends, the server answers or closes, forgets nothing open and serves the next one.</summary>
public sealed class HostileClientTests
{
    private readonly GeneratedStorage _storage = new(TimeProvider.System);

    [Fact]
    public async Task A_line_without_end_is_refused_at_the_limit()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.ConnectAsync(server.EndPoint);
        await raw.SendAsync(new string('A', 16 * 1024));
        Assert.Equal("421 A line is longer than 16384 bytes.", await raw.ReadAsync());
        Assert.Null(await raw.ReadAsync());
    }

    [Fact]
    public async Task A_long_line_below_the_limit_is_a_bad_name()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        Assert.StartsWith("550", await raw.AskAsync("CWD " + new string('a', 16_000)));
        Assert.StartsWith("553", await raw.AskAsync("MKD " + new string('a', 5000)));
        Assert.StartsWith("553", await raw.AskAsync("MKD a\rb"));
        Assert.StartsWith("553", await raw.AskAsync("MKD \u00fe\u00fe"));
        Assert.StartsWith("501", await raw.AskAsync("REST -1"));
        Assert.StartsWith("501", await raw.AskAsync("REST 99999999999999999999"));
        Assert.StartsWith("200", await raw.AskAsync("NOOP"));
    }

    [Fact]
    public async Task Half_a_command_at_the_end_is_not_carried_out()
    {
        _storage.CreateDirectory("/d");
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        await raw.SendAsync("RMD /d");
        raw.Socket.Shutdown(SocketShutdown.Send);
        Assert.Null(await raw.ReadAsync());
        Assert.NotNull(_storage.Find("/d"));
    }

    [Fact]
    public async Task Commands_come_in_any_pieces()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        raw.Socket.NoDelay = true;
        foreach (var letter in "noop\r\n  PwD\n\u00ff\u00fd\u0001SYST\r\n")
            await raw.SendAsync(letter.ToString());
        Assert.StartsWith("200", await raw.ReadAsync());
        Assert.StartsWith("257 \"/\"", await raw.ReadAsync());
        Assert.StartsWith("215", await raw.ReadAsync()); // Telnet's option negotiation is no part of the command.
    }

    [Fact]
    public async Task Passwords_can_be_tried_a_few_times()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.ConnectAsync(server.EndPoint);
        Assert.StartsWith("530", await raw.AskAsync("LIST"));
        Assert.StartsWith("503", await raw.AskAsync("PASS x"));
        for (var i = 0; i < FtpSession.MaxFailedLogins; i++)
        {
            Assert.StartsWith("331", await raw.AskAsync("USER " + (i % 2 == 0 ? LabServer.User : "nobody")));
            Assert.StartsWith("530", await raw.AskAsync("PASS "));
        }

        Assert.StartsWith("421", await raw.ReadAsync());
        Assert.Null(await raw.ReadAsync());
    }

    [Fact]
    public async Task Sessions_beyond_the_limit_hear_421()
    {
        await using var server = LabServer.Start(_storage, options => options with { MaxSessions = 1 });
        using var first = await RawClient.LogInAsync(server.EndPoint);
        using var second = new TcpClient(AddressFamily.InterNetwork);
        await second.ConnectAsync(server.EndPoint);
        using var reader = new StreamReader(second.GetStream());
        Assert.StartsWith("421", await reader.ReadLineAsync());
        Assert.Null(await reader.ReadLineAsync());
        Assert.StartsWith("200", await first.AskAsync("NOOP"));
    }

    [Fact]
    public async Task Commands_behind_a_transfer_wait_in_order_and_are_bounded()
    {
        _storage.AddFile("/f", 10);
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        using var data = await raw.OpenDataAsync();
        var count = FtpSession.MaxWaiting * 3;
        await raw.SendAsync("STOR u\r\n" + string.Concat(Enumerable.Repeat("NOOP\r\n", count)) + "QUIT\r\n");
        Assert.StartsWith("150", await raw.ReadAsync());
        data.Dispose();
        Assert.StartsWith("226", await raw.ReadAsync());
        for (var i = 0; i < count; i++)
            Assert.StartsWith("200", await raw.ReadAsync());
        Assert.StartsWith("221", await raw.ReadAsync());
    }

    [Fact]
    public async Task EPSV_ALL_leaves_only_EPSV()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        Assert.StartsWith("522", await raw.AskAsync("EPSV 2"));
        Assert.StartsWith("229", await raw.AskAsync("EPSV 1"));
        Assert.StartsWith("200", await raw.AskAsync("EPSV all"));
        Assert.StartsWith("501", await raw.AskAsync("PASV"));
        Assert.StartsWith("501", await raw.AskAsync("PORT 127,0,0,1,200,1"));
        Assert.StartsWith("501", await raw.AskAsync("EPRT |1|127.0.0.1|50000|"));
        Assert.StartsWith("229", await raw.AskAsync("EPSV"));
    }

    [Fact]
    public void Garbage_is_answered_or_closed_and_the_next_client_is_served() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), pieces => GarbageAsync(pieces).GetAwaiter().GetResult())
            .Check(Seeded.Cases.WithMaxTest(30));

    private async Task GarbageAsync(byte[][] pieces)
    {
        await using var server = LabServer.Start(_storage);
        using (var raw = await RawClient.LogInAsync(server.EndPoint))
        {
            foreach (var piece in pieces)
                await raw.SendAsync(piece);
            await raw.SendAsync("\r\nQUIT\r\n");
            string? line;
            var last = "";
            while ((line = await raw.ReadAsync()) is not null)
                last = line;
            Assert.StartsWith("221", last);
        }

        using var next = await RawClient.LogInAsync(server.EndPoint);
        Assert.StartsWith("200", await next.AskAsync("NOOP"));
    }
}
