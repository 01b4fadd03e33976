using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>What audit is told of clients that are turned away, of logins, and of sessions without SSH.</summary>
public class RefusalAuditTests
{
    [Fact]
    public async Task A_SOCKS_client_that_a_rule_refuses_is_told_of_with_the_rule()
    {
        var rule = SocksScenario.Rule(FilterAction.Block);
        await using var scenario = await SocksScenario.StartAsync(rule);

        await SocksScenario.ExpectRefusedAsync(await scenario.AskAsync("ftp.internal", 21), 2);

        var record = Assert.Single(scenario.Audit.Records);
        Assert.Equal((AuditEvent.Refused, Failure.Policy), (record.Event, record.Outcome));
        Assert.Equal((rule.Name, "ftp.internal:21", "127.0.0.1"), (record.Rule, record.Target, record.Client));
        Assert.NotNull(record.Entry);
    }

    [Fact]
    public async Task A_session_of_the_SOCKS_proxy_tells_its_rule_and_profile()
    {
        var rule = SocksScenario.Rule(FilterAction.Tunnel);
        await using var scenario = await SocksScenario.StartAsync(rule);
        var target = scenario.Transport.Serve("db.internal", 5432);
        var client = await scenario.AskAsync("db.internal", 5432);
        await SocksScenario.ExpectAcceptedAsync(client);
        (await target.ReadAsync().Soon()).Close();
        client.Finish();

        var record = await scenario.Audit.OneSessionAsync();

        Assert.Equal((rule.Name, "office", "db.internal:5432"), (record.Rule, record.Profile, record.Target));
        Assert.Equal(("ssh.example.com:22", "alice"), (record.SshServer, record.SshUser));
    }

    [Fact]
    public async Task A_login_that_is_refused_is_told_of_without_its_password()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync(password: "wrong-one");
        (await ftp.Dialer.NextDialAsync()).Fail(Failure.Authentication);
        await ftp.Client.ExpectAsync(530);
        await ftp.AnsweredAsync("QUIT", 221);

        var session = await ftp.Audit.OneSessionAsync();
        var refused = Assert.Single(ftp.Audit.Records, record => record.Event == AuditEvent.Refused);

        Assert.Equal((Failure.Authentication, "alice", "alice"), (refused.Outcome, refused.FtpUser, refused.SshUser));
        Assert.Equal((session.Session, "by-user"), (refused.Session, refused.Rule));
        Assert.DoesNotContain("wrong-one", string.Concat(ftp.Audit.Records.Select(AuditCapture.Line)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_begins_with_a_login_is_one_line_with_all_that_the_login_has_led_to()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        var transport = await ftp.AcceptLoginAsync();
        await ftp.ExchangeAsync("QUIT", "221 bye");
        ftp.Client.Close();

        var record = await ftp.Audit.OneSessionAsync();

        Assert.Equal((Failure.None, "alice", "alice", "work"), (record.Outcome, record.FtpUser, record.SshUser, record.Profile));
        Assert.Equal(transport.HostKey.Fingerprint, record.HostKey);
        Assert.DoesNotContain("secret", string.Concat(ftp.Audit.Records.Select(AuditCapture.Line)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_falls_back_names_no_SSH_server_that_it_did_not_reach()
    {
        var away = new TunnelFailed(Failure.ConnectionRefused, "Connection refused.") { IsWithoutConnection = true };
        await using var plain = new DirectScenario(away);
        await plain.NewSessionAsync(ForwardKind.Tcp, target => target with { Profile = FtpScenario.Profile, FallbackToPlain = true });
        var server = await plain.AcceptAsync();
        server.Dispose();
        plain.Client.Finish();

        var session = await plain.Audit.OneSessionAsync();
        var fallback = Assert.Single(plain.Audit.Records, record => record.Event == AuditEvent.Fallback);

        Assert.Equal((Failure.ConnectionRefused, "ssh.example.com:22"), (fallback.Outcome, fallback.SshServer));
        Assert.Equal((null, null), (session.SshServer, session.HostKey));
    }
}
