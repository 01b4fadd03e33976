using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;

namespace ActorTunnel.Engine.Tests.Sessions.Login;

/// <summary>Clients without SOCKS: USER names the host, the rules decide.</summary>
public sealed class FtpProxyTests : IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public FtpProxyTests() => _server.Start();

    private int ServerPort => ((IPEndPoint)_server.LocalEndpoint).Port;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task B15_the_host_comes_from_USER_and_the_SSH_login_from_the_profile()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(profile => Rule(profile) with { Hosts = ["ftp.internal"] });
        await ftp.SendLoginAsync("alice@example.com@FTP.internal");
        await ftp.AcceptLoginAsync("alice@example.com");
        Assert.Null(Assert.Single(ftp.Requests).Login);
        await Patience.UntilAsync( // The directory may hear of it after the client.
            async () => await ftp.SessionsAsync() is [{ FtpUser: "alice@example.com", Target: "ftp.internal:21" }], "the session is known");
        await ftp.AnsweredAsync("USER bob@ftp.internal", 530);
        await ftp.ExchangeAsync("PWD", "257 \"/\"");
    }

    [Fact]
    public async Task The_SSH_login_may_be_the_FTP_login_and_the_SSH_server_the_host()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(
            profile => Rule(profile) with { UserFromApplication = true, HostFromApplication = true, Destination = "127.0.0.1" });
        await ftp.SendLoginAsync("alice@box.example.com:2121");
        await ftp.LetInAsync("127.0.0.1", 2121);
        Assert.Equal("box.example.com", Assert.Single(ftp.Requests).Host);
        Assert.Equal("alice", ftp.Requests.Single().Login!.User);
        await ftp.Server.SayAsync("220 ready");
        await ftp.Server.ExpectAsync("USER alice");
        await ftp.Server.SayAsync("331 go on");
        await ftp.Server.ExpectAsync("PASS secret");
        await ftp.Server.SayAsync("230 welcome");
        await ftp.Client.ExpectAsync(230);
    }

    [Fact]
    public async Task B15_a_USER_without_a_host_is_told_the_form()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(Rule);
        foreach (var user in new[] { "alice", "alice@", "@host", "alice@host:", "alice@host:99999" })
        {
            await ftp.Client.SendAsync($"USER {user}");
            Assert.Contains("USER@HOST", await ftp.Client.ExpectAsync(501), StringComparison.Ordinal);
        }

        await ftp.AnsweredAsync("PASS secret", 503);
    }

    [Fact]
    public async Task E1_a_host_that_the_rules_do_not_allow_is_refused_with_the_session_and_another_may_be_named()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(profile => Rule(profile) with { Hosts = ["ftp.internal"] });
        await ftp.Client.SendAsync("USER alice@elsewhere");
        Assert.Equal("530 Not allowed: no rule matches. [s1]", await ftp.Client.ExpectAsync(530));
        Assert.Contains(ftp.Log.Warnings, line => line.Contains("no rule matches [127.0.0.1:", StringComparison.Ordinal));
        await ftp.AnsweredAsync("PASS secret", 503);
        await ftp.SendLoginAsync("alice@ftp.internal");
        await ftp.AcceptLoginAsync();
    }

    [Fact]
    public async Task A_client_that_names_one_refused_host_after_another_is_sent_away()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(profile => Rule(profile) with { Hosts = ["ftp.internal"] });
        for (var n = 0; n < 10; n++)
            await ftp.AnsweredAsync($"USER alice@host{n}", 530);
        await ftp.Client.ExpectAsync(421);
        await ftp.Client.ExpectEndAsync();
        await ftp.ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task A_rule_that_asks_for_addresses_gets_them()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(
            profile => Rule(profile) with { Addresses = [AddressRange.Parse("127.0.0.0/8"), AddressRange.Parse("::1")], Resolve = true });
        await ftp.SendLoginAsync("alice@localhost");
        await ftp.LetInAsync("localhost");
    }

    [Fact]
    public async Task A_rule_for_plain_connections_is_taken_for_the_FTP_session_that_it_is()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(profile => Rule(profile) with { Action = FilterAction.Tunnel });
        await ftp.SendLoginAsync("alice@ftp.internal");
        await ftp.AcceptLoginAsync();
        Assert.Equal(ForwardKind.Ftp, Assert.Single(await ftp.SessionsAsync()).Kind);
    }

    [Fact]
    public async Task A_direct_rule_goes_there_without_SSH()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(
            profile => Rule(profile) with { Action = FilterAction.Direct, Hosts = ["127.0.0.1"] });
        await ftp.SendLoginAsync($"j\u00f6rg@127.0.0.1:{ServerPort}");
        using var server = await AcceptAsync("j\u00f6rg");
        await ftp.Client.ExpectAsync(230);
        Assert.Empty(ftp.Requests);
        Assert.Equal(0, ftp.Dialer.Count);
    }

    [Fact]
    public async Task A_direct_rule_that_does_not_name_this_machine_does_not_lead_to_it()
    {
        await using var ftp = await LoginScenario.StartProxyAsync(profile => Rule(profile) with { Action = FilterAction.Direct });
        await ftp.SendLoginAsync($"alice@127.0.0.1:{ServerPort}");
        await ftp.Client.ExpectAsync(530);
        Assert.False(_server.Pending());
    }

    [Fact]
    public async Task Without_TCP_to_the_SSH_server_a_login_may_go_on_without_SSH_if_the_rule_allows_it()
    {
        await using var ftp = await LoginScenario.StartAsync(
            rule => rule with { FallbackToPlain = true, Hosts = ["127.0.0.1"] }, "127.0.0.1", ServerPort);
        await ftp.SendLoginAsync();
        (await ftp.Dialer.NextDialAsync()).Outcome.SetResult(
            new TunnelFailed(Failure.ConnectionRefused, "nobody there.") { IsWithoutConnection = true });
        using var server = await AcceptAsync("alice");
        await ftp.Client.ExpectAsync(230);
        Assert.Contains(ftp.Log.Lines, line => line.Contains("without SSH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Failure.Authentication, true, 530)]
    [InlineData(Failure.HostKey, true, 530)]
    [InlineData(Failure.ConnectionRefused, false, 421)]
    public async Task A_password_never_goes_on_without_SSH_otherwise(Failure failure, bool allowed, int code)
    {
        await using var ftp = await LoginScenario.StartAsync(
            rule => rule with { FallbackToPlain = allowed, Hosts = ["127.0.0.1"] }, "127.0.0.1", ServerPort);
        await ftp.SendLoginAsync();
        (await ftp.Dialer.NextDialAsync()).Outcome.SetResult(
            new TunnelFailed(failure, "no.") { IsWithoutConnection = failure == Failure.ConnectionRefused });
        await ftp.Client.ExpectAsync(code);
        Assert.False(_server.Pending());
    }

    private static FilterRule Rule(ProfileTemplate profile) => new() { Name = "all", Action = FilterAction.FtpTunnel, Profile = profile };

    /// <summary>An FTP server without SSH, up to its welcome.</summary>
    private async Task<ScriptedClient> AcceptAsync(string user)
    {
        var server = new ScriptedClient(new DataSocket(await _server.AcceptSocketAsync().Soon()));
        await server.SendAsync("220 ready");
        await server.ExpectAsync($"USER {user}");
        await server.SendAsync("331 go on");
        await server.ExpectAsync("PASS secret");
        await server.SendAsync("230 welcome");
        return server;
    }
}
