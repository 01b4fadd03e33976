using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.Lab.Ftp;
using ActorTunnel.Lab.Ftp.Client;
using ActorTunnel.Lab.Ftp.Storage;

namespace ActorTunnel.FunctionalTests.Lab;

/// <summary>An interrupted transfer never looks complete, at either end; data connections are the control peer's own.</summary>
public sealed class TruthTests
{
    // More than the socket buffers of both ends hold, so a transfer of it is in the middle until the test moves on.
    private const long Endless = 1L << 40;

    private readonly GeneratedStorage _storage = new(TimeProvider.System);

    [Fact]
    public async Task An_upload_whose_data_connection_is_reset_is_not_complete()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        var data = await raw.OpenDataAsync();
        Assert.StartsWith("150", await raw.AskAsync("STOR u"));
        await data.SendAsync(new byte[1000]);
        RawClient.Reset(data);
        Assert.StartsWith("426", await raw.ReadAsync());
        Assert.False((await server.NextTransferAsync()).Completed);
        Assert.False(_storage.FindUpload("/u")!.IsComplete);
    }

    [Fact]
    public async Task An_upload_whose_control_connection_dies_first_is_not_complete()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        var data = await raw.OpenDataAsync();
        Assert.StartsWith("150", await raw.AskAsync("STOR u"));
        await data.SendAsync(new byte[1000]);
        raw.Dispose();
        data.Dispose();
        Assert.False((await server.NextTransferAsync()).Completed);
        Assert.False(_storage.FindUpload("/u")!.IsComplete);
    }

    [Fact]
    public async Task QUIT_behind_an_upload_waits_for_its_end()
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        var data = await raw.OpenDataAsync();
        await raw.SendAsync("STOR u\r\nQUIT\r\n");
        raw.Socket.Shutdown(SocketShutdown.Send);
        Assert.StartsWith("150", await raw.ReadAsync());
        await data.SendAsync("hello"u8.ToArray());
        data.Dispose();
        Assert.StartsWith("226", await raw.ReadAsync());
        Assert.StartsWith("221", await raw.ReadAsync());
        Assert.Null(await raw.ReadAsync());
        Assert.Equal(5, (await server.NextTransferAsync()).Length);
        Assert.True(_storage.FindUpload("/u")!.IsComplete);
    }

    [Theory]
    [InlineData("ABOR\r\n")]
    [InlineData("\u00ff\u00f4\u00ff\u00f2ABOR\r\n")]
    public async Task ABOR_resets_the_download_and_gets_two_replies(string abort)
    {
        _storage.AddFile("/f", Endless);
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        var data = await raw.OpenDataAsync();
        Assert.StartsWith("150", await raw.AskAsync("RETR f"));
        Assert.True(await data.ReceiveAsync(new byte[100]) > 0);
        Assert.StartsWith("211", await raw.AskAsync("STAT"));
        await raw.SendAsync(abort);
        Assert.StartsWith("426", await raw.ReadAsync());
        Assert.StartsWith("226", await raw.ReadAsync());
        await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(data));
        Assert.False((await server.NextTransferAsync()).Completed);
        Assert.StartsWith("200", await raw.AskAsync("NOOP"));
    }

    [Fact]
    public async Task A_server_that_stops_in_the_middle_leaves_no_client_with_a_file()
    {
        _storage.AddFile("/f", Endless);
        var server = LabServer.Start(_storage);
        await using var client = await server.ConnectAsync(DataMode.ExtendedPassive);
        var started = new Started();
        var download = client.DownloadAsync("/f", Stream.Null, 0, started, default);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await server.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => download);
        Assert.Equal(0, server.Server.SessionCount);
    }

    [Theory]
    [InlineData("226 Complete.", false, null)]
    [InlineData("250 Complete.", false, null)]
    [InlineData("226 Complete.", true, typeof(DataConnectionException))]
    [InlineData("426 Broken.", false, typeof(FtpException))]
    [InlineData("426 Broken.", true, typeof(FtpException))]
    [InlineData("225 Something else.", false, typeof(FtpException))]
    [InlineData("", false, typeof(EndOfStreamException))]
    public async Task The_client_takes_a_download_only_with_a_clean_end_and_226(string finalReply, bool reset, Type? failure)
    {
        using var control = new TcpListener(IPAddress.Loopback, 0);
        using var data = new TcpListener(IPAddress.Loopback, 0);
        control.Start();
        data.Start();
        var serving = ServeOneAsync(control, data, finalReply, reset);
        await using var client = await FtpClient.ConnectAsync(
            new FtpClientOptions { Server = (IPEndPoint)control.LocalEndpoint, User = "u", Password = "p" }, default);

        var download = client.DownloadAsync("f", Stream.Null, 0, null, default);
        if (failure is null)
            Assert.Equal(4, (await download).Length);
        else
            Assert.IsType(failure, await Record.ExceptionAsync(() => download));
        await client.DisposeAsync();
        await serving;
    }

    [Fact]
    public async Task A_cancelled_transfer_resets_and_ends_the_session()
    {
        _storage.AddFile("/f", Endless);
        await using var server = LabServer.Start(_storage);
        await using var client = await server.ConnectAsync(DataMode.ExtendedActive);
        using var cancel = new CancellationTokenSource();
        var started = new Started();
        var download = client.DownloadAsync("/f", Stream.Null, 0, started, cancel.Token);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);
        Assert.False((await server.NextTransferAsync()).Completed);
    }

    [Fact]
    public async Task A_stranger_gets_no_data_connection()
    {
        _storage.AddFile("/f", 10);
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        var stranger = await raw.OpenDataAsync(from: IPAddress.Parse("127.0.0.2"));
        var passive = (IPEndPoint)stranger.RemoteEndPoint!;
        await raw.SendAsync("RETR f\r\n");
        Assert.Equal(0, await ReadToEndAsync(stranger));

        using var own = new TcpClient();
        await own.ConnectAsync(passive);
        Assert.Equal(10, await ReadToEndAsync(own.Client));
        own.Dispose();
        Assert.StartsWith("150", await raw.ReadAsync());
        Assert.StartsWith("226", await raw.ReadAsync());
        Assert.Equal(IPAddress.Loopback, (await server.NextTransferAsync()).DataPeer!.Address);
    }

    [Theory]
    [InlineData("PORT 127,0,0,2,200,1")]
    [InlineData("PORT 127,0,0,1,0,21")]
    [InlineData("EPRT |1|10.0.0.1|5000|")]
    [InlineData("EPRT |2|::1|5000|")]
    public async Task Data_goes_to_no_other_host_and_no_service_port(string command)
    {
        await using var server = LabServer.Start(_storage);
        using var raw = await RawClient.LogInAsync(server.EndPoint);
        Assert.StartsWith("501", await raw.AskAsync(command));
        Assert.StartsWith("425", await raw.AskAsync("LIST"));
    }

    private static async Task ServeOneAsync(TcpListener control, TcpListener data, string finalReply, bool reset)
    {
        using var client = await control.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        Task SayAsync(string line) => client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n")).AsTask();

        await SayAsync("220 Hello.");
        while (await reader.ReadLineAsync() is { } command)
        {
            if (command.StartsWith("EPSV", StringComparison.Ordinal))
            {
                await SayAsync($"229 (|||{((IPEndPoint)data.LocalEndpoint).Port}|)");
            }
            else if (command.StartsWith("RETR", StringComparison.Ordinal))
            {
                await SayAsync("150 Here it comes.");
                var socket = await data.AcceptSocketAsync();
                await socket.SendAsync("data"u8.ToArray());
                if (reset)
                    RawClient.Reset(socket);
                else
                    socket.Dispose();
                if (finalReply == "")
                    return;
                await SayAsync(finalReply);
            }
            else
            {
                await SayAsync("230 Fine.");
            }
        }
    }

    private static async Task<int> ReadToEndAsync(Socket socket)
    {
        var total = 0;
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(20)) is > 0 and var count)
            total += count;
        return total;
    }

    /// <summary>Completes at the first block.</summary>
    private sealed class Started : TaskCompletionSource, IProgress<long>
    {
        public Started()
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
        }

        public void Report(long value) => TrySetResult();
    }
}
