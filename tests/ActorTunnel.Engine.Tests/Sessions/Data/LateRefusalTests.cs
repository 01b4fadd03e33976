using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Data;

/// <summary>
/// SSH refuses a data channel that the client has been told of: perhaps when the transfer command is with the server already, which then
/// waits for a data connection and for nothing else (vsftpd, a minute).
/// </summary>
public sealed class LateRefusalTests
{
    private readonly TaskCompletionSource _answer = new();

    [Theory]
    [InlineData("RETR file")]
    [InlineData("STOR file")]
    public async Task The_client_hears_425_at_once_and_the_server_s_late_answer_is_no_other_command_s(string transfer)
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = await BeginAsync(ftp, transfer);

        _answer.SetResult();

        Assert.Contains("cannot connect to ftp.internal port 3001", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        await data.ExpectResetAsync();
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Client.SendAsync("PWD");
        await ftp.Server.SayAsync("150 of no use any more");
        await ftp.Server.SayAsync("425 Failed to establish connection.");
        await ftp.Server.ExpectAsync("PWD");
        await ftp.Server.SayAsync("225 No transfer to ABOR.");
        await ftp.Server.SayAsync("257 \"/\"");
        await ftp.Client.ExpectAsync("257 \"/\"");
        await ftp.ExpectToWorkAsync();
        Assert.Equal(Failure.ConnectionRefused, (await ftp.Audit.OneTransferAsync()).Outcome);
    }

    [Fact]
    public async Task A_success_of_the_server_is_not_said_behind_the_425()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = await BeginAsync(ftp, "LIST");
        _answer.SetResult();
        await ftp.Client.ExpectAsync(425);

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("226 nothing to list");
        await ftp.Server.SayAsync("226 nothing to abort");

        await ftp.ExpectToWorkAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_quits_then_is_not_kept_waiting(bool isPipelined)
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = await BeginAsync(ftp, "RETR file");
        if (isPipelined)
            await ftp.Client.SendAsync("QUIT");
        _answer.SetResult();
        await ftp.Client.ExpectAsync(425);
        if (!isPipelined)
            await ftp.Client.SendAsync("QUIT");

        await ftp.Client.ExpectAsync(221);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
        Assert.Equal(Failure.ConnectionRefused, (await ftp.Audit.OneTransferAsync()).Outcome);
    }

    [Fact]
    public async Task Who_leaves_then_leaves_nothing_behind()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = await BeginAsync(ftp, "RETR file");
        _answer.SetResult();
        await ftp.Client.ExpectAsync(425);

        ftp.Client.Close();

        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task Who_leaves_before_the_refusal_leaves_nothing_behind()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = await BeginAsync(ftp, "RETR file");

        ftp.Client.Close();

        await ftp.ExpectNothingLeftAsync();
        _answer.SetResult();
    }

    [Fact]
    public async Task Who_stops_is_not_kept_waiting()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = await BeginAsync(ftp, "RETR file");
        ftp.Sessions.Tell(EndWhenIdle.Instance, ActorRefs.NoSender);
        _answer.SetResult();

        await ftp.Client.ExpectAsync(425);
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_the_session_after_the_minute_that_vsftpd_takes()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = await BeginAsync(ftp, "RETR file");
        _answer.SetResult();
        await ftp.Client.ExpectAsync(425);
        await ftp.Server.ExpectAsync("ABOR");

        await ftp.Time.ElapseAsync(TimeSpan.FromSeconds(90));

        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_temporary_name_is_taken_back_when_the_server_has_answered()
    {
        await using var ftp = await FtpScenario.StartAsync(options: new FtpOptions { UploadName = UploadName.Temporary });
        var endPoint = await AskAsync(ftp);
        using var data = await DataSocket.ConnectAsync(endPoint);
        await ftp.Client.SendAsync("STOR file");
        var stor = await ftp.Server.ReadLineAsync();
        _answer.SetResult();
        await ftp.Client.ExpectAsync(425);
        await ftp.Client.SendAsync("NOOP");

        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("425 no data connection");
        await ftp.Server.SayAsync("226 aborted");
        await ftp.Server.ExpectAsync(stor!.Replace("STOR", "DELE", StringComparison.Ordinal));
        await ftp.Server.SayAsync("550 no such file");
        await ftp.Server.ExpectAsync("NOOP");
        await ftp.Server.SayAsync("200 fine");

        await ftp.Client.ExpectAsync("200 fine");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_connects_only_then_is_let_in_and_hears_why_when_it_asks(bool isEarly)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var endPoint = await AskAsync(ftp);
        var early = isEarly ? await DataSocket.ConnectAsync(endPoint) : null;
        _answer.SetResult();
        await Patience.UntilAsync(() => ftp.Log.Lines.Any(line => line.Contains("data-1 broken", StringComparison.Ordinal)), "the refusal");
        await ftp.ExpectToWorkAsync();

        using var data = early ?? await DataSocket.ConnectAsync(endPoint);
        await data.SendAsync("not to be lost in a reset"u8.ToArray());
        await ftp.Client.SendAsync("STOR file");

        Assert.Contains("cannot connect to ftp.internal port 3001", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        await data.ExpectResetAsync();
        await ftp.Client.SendAsync("STOR again");
        Assert.Contains("cannot connect to ftp.internal port 3001", await ftp.Client.ExpectAsync(425), StringComparison.Ordinal);
        ftp.Transport.Opening = Task.CompletedTask;
        await ftp.BeginAsync("RETR file");
    }

    [Fact]
    public async Task After_a_refusal_PORT_takes_the_place_of_PASV()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("PASV");
        await ftp.Server.ExpectAsync("PASV");
        await ftp.Server.SayAsync("227 (10,0,0,9,4,1)");
        await ftp.Client.ExpectAsync(227);
        await Patience.UntilAsync(() => ftp.Log.Lines.Any(line => line.Contains("data-1 broken", StringComparison.Ordinal)), "the refusal");
        using var listener = DataSocket.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await ftp.Client.SendAsync($"PORT 127,0,0,1,{port >> 8},{port & 255}");
        var target = await ftp.AnswerPasvAsync();
        await ftp.Client.ExpectAsync(200);
        var far = await target.ReadAsync().Soon();
        await ftp.ExchangeAsync("RETR file", "150 here");
        using var data = new DataSocket(await listener.AcceptAsync().Soon());
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");
        Assert.Equal(3, (await data.ReadToFinAsync()).Length);
    }

    [Fact]
    public async Task A_client_that_quits_and_is_gone_before_the_227_leaves_nothing_behind()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.Client.SendAsync("PASV");
        await ftp.Client.SendAsync("QUIT");
        await ftp.Server.ExpectAsync("PASV");
        ftp.Client.Close();
        ftp.Transport.Serve(FtpScenario.Host, 3001);
        await ftp.Server.SayAsync("227 (10,0,0,9,11,185)");
        await ftp.Server.ExpectAsync("QUIT");
        await ftp.Server.SayAsync("221 bye");
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task Of_a_client_behind_SSH_the_data_connection_ends_only_behind_the_425()
    {
        await using var ftp = await RemoteScenario.StartAsync();
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = await DataSocket.ConnectAsync((IPEndPoint)full.LocalEndPoint!); // Linux lets the next one wait.
        await ftp.Client.SayAsync("EPSV");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SendAsync($"229 Extended Passive Mode (|||{((IPEndPoint)full.LocalEndPoint!).Port}|)");
        var reply = await ftp.Client.ReadLineAsync();
        var data = await ftp.ConnectAsync(int.Parse(reply!.Split('|')[3], CultureInfo.InvariantCulture));
        await ftp.ExchangeAsync("RETR file", "150 here");

        full.Dispose();

        Assert.StartsWith("425 ", await ftp.Client.ReadLineAsync(), StringComparison.Ordinal);
        await data.ReadToEndAsync();
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SendAsync("425 no data connection");
        await ftp.Server.SendAsync("226 aborted");
        await ftp.ExpectToWorkAsync();
    }

    /// <summary>The server listens where SSH does not connect to, which nobody knows yet; the client has been told its own port.</summary>
    private async Task<IPEndPoint> AskAsync(FtpScenario ftp)
    {
        ftp.Transport.Opening = _answer.Task;
        await ftp.Client.SendAsync("EPSV");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 Entering Extended Passive Mode (|||3001|)");
        var port = (await ftp.Client.ExpectAsync(229)).Split('|')[3];
        return new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
    }

    private async Task<DataSocket> BeginAsync(FtpScenario ftp, string transfer)
    {
        var data = await DataSocket.ConnectAsync(await AskAsync(ftp));
        await ftp.Client.SendAsync(transfer);
        await ftp.Server.ExpectAsync(transfer);
        return data;
    }
}
