using System.Text;
using System.Text.Json;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>What audit is told: one record for each transfer and one for each session, with who, where, what and how it ended.</summary>
public class AuditTests
{
    [Fact]
    public async Task A_download_tells_who_what_where_and_how_much()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.ExchangeAsync("USER alice", "331 password");
        await ftp.ExchangeAsync("PASS top-secret", "230 in");
        var (far, data) = await ftp.BeginAsync("RETR report.txt");
        ftp.Time.Advance(TimeSpan.FromSeconds(1.5));
        await far.SendAsync("abc"u8.ToArray());
        far.Close();
        await ftp.Server.SayAsync("226 done");
        await data.ReadToFinAsync();
        await ftp.Client.ExpectAsync("226 done");

        var record = await ftp.Audit.OneTransferAsync();

        Assert.Equal(
            new AuditRecord
            {
                Time = ftp.Time.GetUtcNow().UtcDateTime,
                Event = AuditEvent.Transfer,
                Session = "s1",
                Entry = "forward-1",
                Client = "127.0.0.1",
                ClientPort = record.ClientPort,
                SshServer = "ssh.example.com:22",
                SshUser = "alice",
                HostKey = ftp.Transport.HostKey.Fingerprint,
                FtpUser = "alice",
                Target = "ftp.internal:21",
                Verb = "RETR",
                File = "report.txt",
                Direction = "download",
                DataMode = "passive",
                Bytes = 3,
                Seconds = 1.5,
                Outcome = Failure.None,
            },
            record);
        Assert.DoesNotContain("top-secret", string.Concat(ftp.Audit.Records.Select(AuditCapture.Line)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_upload_is_a_transfer_too()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("STOR empty");

        data.Finish();
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 stored");
        await ftp.Client.ExpectAsync("226 stored");

        var record = await ftp.Audit.OneTransferAsync();
        Assert.Equal(("upload", 0L, Failure.None), (record.Direction, record.Bytes, record.Outcome));
    }

    [Fact]
    public async Task A_file_that_the_server_does_not_give_is_its_no()
    {
        await using var ftp = await FtpScenario.StartAsync();
        await ftp.PassiveAsync();

        await ftp.ExchangeAsync("RETR nothing", "550 no such file");

        var record = await ftp.Audit.OneTransferAsync();
        Assert.Equal((Failure.FtpServer, "the FTP server answered 550"), (record.Outcome, record.Reason));
    }

    [Fact]
    public async Task A_transfer_without_a_data_connection_is_told_of()
    {
        await using var ftp = await FtpScenario.StartAsync();

        await ftp.Client.SendAsync("RETR file");
        await ftp.Client.ExpectAsync(425);

        Assert.Equal(Failure.Protocol, (await ftp.Audit.OneTransferAsync()).Outcome);
    }

    [Fact]
    public async Task A_226_for_a_file_that_did_not_arrive_is_no_success()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await far.SendAsync("abc"u8.ToArray());
        await data.ReadAsync(3);

        data.Reset();
        await far.ReadToEndAsync();
        await ftp.Server.SayAsync("226 done");
        await ftp.Client.ExpectAsync(426);

        var record = await ftp.Audit.OneTransferAsync();
        Assert.Equal((Failure.PeerReset, 3L), (record.Outcome, record.Bytes));
    }

    [Fact]
    public async Task An_aborted_download_is_the_servers_no()
    {
        await using var ftp = await FtpScenario.StartAsync();
        var (far, data) = await ftp.BeginAsync("RETR file");
        await ftp.Client.SendAsync("ABOR");
        await ftp.Server.ExpectAsync("ABOR");
        far.Close();
        await ftp.Server.SayAsync("426 aborted");
        await ftp.Server.SayAsync("226 ABOR done");
        await ftp.Client.ExpectAsync("426 aborted");
        data.Dispose();

        var record = await ftp.Audit.OneTransferAsync();
        Assert.Equal((Failure.FtpServer, "the FTP server answered 426"), (record.Outcome, record.Reason));
    }

    [Fact]
    public async Task What_a_lost_connection_leaves_unfinished_is_told_of_with_its_cause()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = (await ftp.BeginAsync("STOR file")).Data;

        ftp.Transport.Lose();
        await ftp.Client.ExpectAsync(426);
        await ftp.Client.ExpectAsync(421);

        Assert.Equal(Failure.ConnectionLost, (await ftp.Audit.OneTransferAsync()).Outcome);
        Assert.Equal(Failure.ConnectionLost, (await ftp.Audit.OneSessionAsync()).Outcome);
    }

    [Fact]
    public async Task What_the_end_of_its_session_leaves_unfinished_has_its_cause()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = (await ftp.BeginAsync("RETR file")).Data;

        await ftp.Server.SayAsync("421 maintenance");
        await ftp.Client.ExpectAsync("421 maintenance");

        Assert.Equal(Failure.PeerClosed, (await ftp.Audit.OneTransferAsync()).Outcome);
        Assert.Equal(Failure.PeerClosed, (await ftp.Audit.OneSessionAsync()).Outcome);
    }

    [Fact]
    public async Task An_engine_that_stops_at_once_leaves_no_transfer_untold()
    {
        await using var ftp = await FtpScenario.StartAsync();
        using var data = (await ftp.BeginAsync("RETR file")).Data;

        ftp.Stop();
        await ftp.TerminateAsync();

        Assert.Equal(Failure.Shutdown, (await ftp.Audit.OneTransferAsync()).Outcome);
        Assert.Equal(Failure.Shutdown, (await ftp.Audit.OneSessionAsync()).Outcome);
    }

    [Fact]
    public async Task A_transfer_whose_data_channel_was_stopped_before_it_heard_of_it_is_told_of_too()
    {
        var (client, accepted) = await DataSocket.PairAsync();
        using var _ = client;
        using var session = accepted;
        using var log = new LogCapture();
        var capture = new AuditCapture();
        var services = new EngineServices(log, new ManualTimeProvider()) { AuditSink = capture, Stopping = new CancellationToken(true) };
        var forward = new ForwardOptions { Kind = ForwardKind.Ftp, ListenPort = 0, Host = "ftp.internal", HostPort = 21 };
        var target = SessionTarget.Of("forward-1", forward, FtpScenario.Profile);
        var audit = SessionAudit.Of("s1", new NewSession(session, target), services);
        var first = FtpCommand.Create("STOR first");
        audit.Begins(first);
        audit.Transferred(first, "passive", 3, TimeSpan.Zero, Failure.None, "");
        audit.Begins(FtpCommand.Create("STOR second"));

        audit.Stopped();

        Assert.Equal(
            [("first", Failure.None), ("second", Failure.Shutdown)], capture.Transfers.Select(record => (record.File, record.Outcome)));
    }

    [Fact]
    public async Task A_client_that_is_not_taken_is_told_of()
    {
        await using var ftp = await FtpScenario.StartAsync();
        ftp.Sessions.Tell(EndWhenIdle.Instance, ActorRefs.NoSender);

        await ftp.ComeAgainAsync();

        var record = Assert.Single(ftp.Audit.Records, record => record.Event == AuditEvent.Refused);
        Assert.Equal((Failure.Shutdown, "ftp.internal:21"), (record.Outcome, record.Target));
    }

    [Fact]
    public async Task A_plain_connection_has_its_bytes_in_its_one_line()
    {
        var (scenario, client, server) = await FtpScenario.StartPlainAsync();
        await using var _ = scenario;
        await client.SendAsync("question"u8.ToArray());
        client.Finish();
        await server.ReadToEndAsync();
        await server.SendAsync("yes"u8.ToArray());
        server.Finish();
        await client.ReadToFinAsync();

        var record = await scenario.Audit.OneSessionAsync();

        Assert.Equal((3L, 8L, Failure.None), (record.BytesDown, record.BytesUp, record.Outcome));
        Assert.Equal(scenario.Transport.HostKey.Fingerprint, record.HostKey);
    }

    [Theory]
    [InlineData("Grüße", "Grüße")]
    [InlineData("o'neill+a&b<c>", "o'neill+a&b<c>")]
    [InlineData("a\tb\u001b[31m", @"a\tb\u001B[31m")]
    [InlineData("a\u007f\u0085\u2028\u2029", @"a\u007F\u0085\u2028\u2029")]
    [InlineData("é\u202a\u202e\u2066\u2069\u200f\ufeff", @"é\u202A\u202E\u2066\u2069\u200F\uFEFF")]
    [InlineData(@"C:\temp", @"C:\\\\temp")]
    [InlineData(@"\u202e", @"\\\\u202e")]
    [InlineData("\"quoted\"", @"\""quoted\""")]
    public void Names_are_legible_in_one_line_and_cannot_steer_a_terminal(string name, string written)
    {
        var text = AuditText.Of(Encoding.UTF8.GetBytes(name));

        var line = AuditCapture.Line(new AuditRecord { File = text });

        Assert.Contains($"\"file\":\"{written}\"", line, StringComparison.Ordinal);
        Assert.Equal(text, JsonDocument.Parse(line).RootElement.GetProperty("file").GetString());
    }

    [Fact]
    public void A_fingerprint_is_found_as_it_is_shown_elsewhere() => Assert.Contains(
        "SHA256:ab+/vCE+Nh", AuditCapture.Line(new AuditRecord { HostKey = "SHA256:ab+/vCE+Nh" }), StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xE9, (byte)'b' }, @"a\xE9b")]
    [InlineData(new byte[] { 0xE2, 0x82 }, @"\xE2\x82")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, @"\xED\xA0\x80")]
    [InlineData(new byte[] { (byte)'\\', (byte)'x', (byte)'E', (byte)'9' }, @"\\xE9")]
    public void Bytes_that_are_no_UTF8_can_be_found_again(byte[] name, string text) => Assert.Equal(text, AuditText.Of(name));
}
