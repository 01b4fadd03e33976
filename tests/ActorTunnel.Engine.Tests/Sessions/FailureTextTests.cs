using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>
/// What an FTP client is told when something fails: why, what can be done, and the session by which audit and log tell more. What is lost
/// later is in <see cref="LossTests"/>.
/// </summary>
public sealed class FailureTextTests
{
    [Fact]
    public async Task E1_an_SSH_server_that_cannot_be_reached_is_421_with_the_session_of_the_audit_line()
    {
        await using var ftp = await FtpScenario.WithoutTunnelAsync(
            new TunnelFailed(Failure.Unreachable, "no route to ssh.example.com port 22."));

        await ftp.Client.ExpectAsync("421 Cannot reach the FTP server: no route to ssh.example.com port 22. [s1]");

        await ftp.Client.ExpectEndAsync();
        Assert.Equal(("s1", (Failure?)Failure.Unreachable), Audited(await ftp.Audit.OneSessionAsync()));
    }

    [Fact]
    public async Task E1_an_FTP_server_that_cannot_be_reached_is_421_with_the_SSH_servers_reason()
    {
        await using var ftp = await FtpScenario.WithoutServerAsync();

        await ftp.Client.ExpectAsync(
            "421 Cannot reach the FTP server: the SSH server cannot connect to ftp.internal port 21: Connection refused. [s1]");

        Assert.Equal(("s1", (Failure?)Failure.ConnectionRefused), Audited(await ftp.Audit.OneSessionAsync()));
    }

    [Fact]
    public async Task E2_a_refused_SSH_login_with_the_clients_password_is_530_with_the_session()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync(password: "wrong");
        (await ftp.Dialer.NextDialAsync()).Fail(Failure.Authentication, "Authentication as 'alice' failed.");

        await ftp.Client.ExpectAsync("530 SSH login refused: Authentication as 'alice' failed. [s1]");

        Assert.Equal(("s1", (Failure?)Failure.Authentication), Audited(Assert.Single(ftp.Audit.Records)));
    }

    [Fact]
    public async Task E3_a_host_key_that_is_not_the_known_one_is_421_and_audited()
    {
        await using var ftp = await FtpScenario.WithoutTunnelAsync(new TunnelFailed(Failure.HostKey, "its key has changed."));

        await ftp.Client.ExpectAsync("421 The SSH server is not trusted: its key has changed. [s1]");

        await ftp.Client.ExpectEndAsync();
        Assert.Equal(("s1", (Failure?)Failure.HostKey), Audited(await ftp.Audit.OneSessionAsync()));
    }

    [Fact]
    public async Task E3_in_answer_to_a_login_it_is_530_because_trying_again_does_not_help()
    {
        await using var ftp = await LoginScenario.StartAsync();
        await ftp.SendLoginAsync();
        (await ftp.Dialer.NextDialAsync()).Fail(Failure.HostKey, "its key has changed.");

        await ftp.Client.ExpectAsync("530 The SSH server is not trusted: its key has changed. [s1]");

        await ftp.Client.ExpectEndAsync();
        Assert.Equal(("s1", (Failure?)Failure.HostKey), Audited(await ftp.Audit.OneSessionAsync()));
    }

    [Theory]
    [InlineData(
        ChannelOpenFailure.AdministrativelyProhibited,
        "open failed",
        "the SSH server does not allow forwarding to ftp.internal port 3001: see AllowTcpForwarding and PermitOpen in its sshd_config,"
        + " and permitopen or restrict at the key in authorized_keys.",
        Failure.Prohibited)]
    [InlineData(
        ChannelOpenFailure.ConnectFailed,
        "Connection refused",
        "the SSH server cannot connect to ftp.internal port 3001: Connection refused.",
        Failure.ConnectionRefused)]
    [InlineData(ChannelOpenFailure.ResourceShortage, "", "no more channels on the SSH connection.", Failure.Limit)]
    internal async Task E4_a_data_channel_that_SSH_refuses_is_425_with_its_reason_and_the_session_of_the_audit_line(
        ChannelOpenFailure reason, string description, string text, Failure failure)
    {
        await using var ftp = await FtpScenario.StartAsync();
        var asked = new TaskCompletionSource();
        ftp.Transport.Refusal = new(reason, $"The peer refused to open a channel: {description}.", description);
        ftp.Transport.Opening = asked.Task;
        await ftp.Client.SendAsync("EPSV");
        await ftp.Server.ExpectAsync("EPSV");
        await ftp.Server.SayAsync("229 Entering Extended Passive Mode (|||3001|)");
        await ftp.Client.ExpectAsync(229);
        await ftp.ExchangeAsync("RETR file", "150 here it comes");

        asked.SetResult();
        await ftp.Server.ExpectAsync("ABOR");
        await ftp.Server.SayAsync("425 no data connection");

        await ftp.Client.ExpectAsync($"425 Cannot open a data connection: {text} [s1]");
        Assert.Equal(("s1", (Failure?)failure), Audited(await ftp.Audit.OneTransferAsync()));
        await ftp.Server.SayAsync("226 ABOR done");
        await ftp.AnswerSeparationAsync();
        await ftp.ExpectToWorkAsync();
    }

    [Fact]
    public async Task E7_too_many_is_421_in_words_that_clients_know_with_the_session()
    {
        await using var ftp = await FtpScenario.WithoutTunnelAsync(new TunnelFailed(Failure.Limit, "100 clients wait already."));

        await ftp.Client.ExpectAsync("421 Too many connections; try again later: 100 clients wait already. [s1]");

        Assert.Equal(("s1", (Failure?)Failure.Limit), Audited(await ftp.Audit.OneSessionAsync()));
    }

    private static (string? Session, Failure? Outcome) Audited(AuditRecord record) => (record.Session, record.Outcome);
}
