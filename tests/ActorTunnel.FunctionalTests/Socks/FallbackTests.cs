using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>Without SSH, in need: only when nothing listens where the SSH server should.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class FallbackTests(SocksSite site)
{
    private static readonly DnsEndPoint _open = new("server", 2121);

    [AccountsTheory]
    [InlineData("tunnel")]
    [InlineData("ftp-tunnel")]
    public async Task A_server_that_is_down_is_passed_by_when_the_rule_says_so(string action)
    {
        await using var open = await OpenServerAsync();
        var audit = site.ClientFiles.PathOf($"fallback-{action}.log");
        await using var proxy = await StartAsync(action, """ "host": "server", "port": 9 """, site.Ssh.KnownHosts, fallback: true, audit);
        var original = await TestFile.CreateAsync(open.PathOf("alice/fallback"), TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf($"fallback-{action}");

        var outcome = (await site.Curl().DownloadAsync(_open, DataMode.ExtendedPassive, "fallback", copy)).Succeeded();

        await TestFile.AssertSameAsync(original, copy, outcome);
        await proxy.SaysAsync(line => line.Contains("without SSH", StringComparison.OrdinalIgnoreCase), "that it goes without SSH");
        await Eventually.IsTrueAsync(
            () => File.Exists(audit) && File.ReadAllText(audit).Contains("\"event\":\"fallback\"", StringComparison.Ordinal), "audit says so");
    }

    [AccountsFact]
    public async Task Without_that_word_a_server_that_is_down_is_a_refusal()
    {
        await using var open = await OpenServerAsync();
        await using var proxy = await StartAsync("ftp-tunnel", """ "host": "server", "port": 9 """, site.Ssh.KnownHosts, fallback: false);

        await IsRefusedAsync(open);
    }

    [AccountsTheory]
    [InlineData("tunnel")]
    [InlineData("ftp-tunnel")]
    public async Task Another_host_key_is_no_reason_to_go_without_SSH(string action)
    {
        await using var open = await OpenServerAsync();
        using var folder = new TemporaryFolder();
        var other = site.WriteFile("other-hosts", SshKeys.KnownHost("server", 22, SshKeys.Create(folder, "other")));
        await using var proxy = await StartAsync(action, """ "host": "server" """, other, fallback: true);

        await IsRefusedAsync(open);
    }

    [AccountsTheory]
    [InlineData("tunnel")]
    [InlineData("ftp-tunnel")]
    public async Task A_refused_login_is_no_reason_to_go_without_SSH(string action)
    {
        await using var open = await OpenServerAsync();
        await using var proxy = await StartAsync(
            action, """ "host": "server" """, site.Ssh.KnownHosts, fallback: true, key: site.Accounts.KeyOf(SocksSite.Bob));

        await IsRefusedAsync(open);
    }

    private async Task IsRefusedAsync(VsftpdServer open)
    {
        var before = (await open.ReadLogAsync()).Length;
        await Assert.ThrowsAsync<SocksRefusedException>(() => site.Socks.ConnectAsync(_open));
        Assert.Equal(before, (await open.ReadLogAsync()).Length);
    }

    private Task<VsftpdServer> OpenServerAsync() =>
        site.Accounts.StartFtpAsync(site.Hosts.Server, new IPEndPoint(site.Hosts.ServerAddress, _open.Port));

    private Task<ActorTunnelProcess> StartAsync(
        string action, string server, string knownHosts, bool fallback, string? audit = null, string? key = null) => site.StartAsync($$"""
        {
          "socks": {},
          "profiles": {
            "p": {
              {{server}}, "user": "alice", "identityFiles": ["{{key ?? site.Accounts.KeyOf(SocksSite.Alice)}}"], "knownHosts": ["{{knownHosts}}"],
            },
          },
          "rules": [{ "action": "{{action}}", "profile": "p", "fallbackToPlain": {{(fallback ? "true" : "false")}} }],
          "audit": { "file": "{{audit ?? "/dev/null"}}" },
        }
        """);
}
