using System.Text.Json;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>What the audit file says of a session afterwards.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class AuditTests(SocksSite site)
{
    private const int Length = 12345;

    [AccountsFact]
    public async Task A_session_and_its_transfers_are_told_without_a_secret()
    {
        var audit = site.ClientFiles.PathOf("audit.log");
        await using var proxy = await StartAsync(audit);
        await TestFile.CreateAsync(site.Inner.PathOf("alice/told"), Length);
        var copy = site.ClientFiles.PathOf("told");

        (await site.Curl().DownloadAsync(SocksSite.InnerServer, DataMode.ExtendedPassive, "told", copy)).Succeeded();
        (await site.Curl().UploadAsync(SocksSite.InnerServer, DataMode.Passive, copy, "told-back")).Succeeded();
        await site.Curl(SocksSite.LoginOf(SocksSite.Bob) with { Password = "a-bad-guess" })
            .ListAsync(SocksSite.InnerServer, DataMode.Passive, ".");
        await Assert.ThrowsAsync<SocksRefusedException>(() => site.Socks.ConnectAsync(new System.Net.DnsEndPoint("blocked.test", 21)));

        await Eventually.IsTrueAsync(
            () => Lines(audit).Count(line => Text(line, "event") == "session") >= 2
                && Lines(audit).Any(line => Text(line, "event") == "refused" && Text(line, "rule") == "no-entry"),
            "audit has the sessions");
        var transfers = Lines(audit).Where(line => Text(line, "event") == "transfer").ToArray();
        Assert.Equal(["RETR", "STOR"], transfers.Select(line => Text(line, "verb")));
        Assert.Equal(["download", "upload"], transfers.Select(line => Text(line, "direction")));
        Assert.Equal(["told", "told-back"], transfers.Select(line => Text(line, "file")));
        Assert.All(transfers, line =>
        {
            Assert.Equal(Length, line.GetProperty("bytes").GetInt64());
            Assert.Equal("ok", Text(line, "outcome"));
            Assert.Equal("through-inner", Text(line, "rule"));
            Assert.Equal("application", Text(line, "profile"));
            Assert.Equal("server:22", Text(line, "sshServer"));
            Assert.Equal("alice", Text(line, "sshUser"));
            Assert.Equal("alice", Text(line, "ftpUser"));
            Assert.Equal("127.0.0.1", Text(line, "client"));
            Assert.Equal("inner.test:21", Text(line, "target"));
            Assert.StartsWith("SHA256:", Text(line, "hostKey"), StringComparison.Ordinal);
            Assert.NotNull(Text(line, "session"));
        });
        var all = await File.ReadAllTextAsync(audit);
        Assert.DoesNotContain(SocksSite.Alice.Password, all, StringComparison.Ordinal);
        Assert.DoesNotContain("a-bad-guess", all, StringComparison.Ordinal);
    }

    [AccountsFact]
    public async Task After_a_rename_and_SIGHUP_the_lines_go_to_a_new_file()
    {
        var audit = site.ClientFiles.PathOf("rotated.log");
        await using var proxy = await StartAsync(audit);
        await RefuseAsync();
        await Eventually.IsTrueAsync(() => Lines(audit).Length > 0, "the first line");

        File.Move(audit, $"{audit}.1");
        await proxy.SignalAsync("HUP");

        await Eventually.IsTrueAsync(
            async () =>
            {
                await RefuseAsync();
                return File.Exists(audit) && Lines(audit).Any(line => Text(line, "event") == "refused");
            },
            "a line in the new file");
    }

    private async Task RefuseAsync() =>
        await Assert.ThrowsAsync<SocksRefusedException>(() => site.Socks.ConnectAsync(new System.Net.DnsEndPoint("blocked.test", 21)));

    private Task<ActorTunnelProcess> StartAsync(string audit) => site.StartAsync($$"""
        {
          "socks": {},
          "profiles": {{site.Profiles}},
          "rules": [
            { "name": "no-entry", "host": ["blocked.test"], "action": "block" },
            { "name": "through-inner", "action": "ftp-tunnel", "profile": "application", "userFromApplication": true },
          ],
          "audit": { "file": "{{audit}}" },
        }
        """);

    private static JsonElement[] Lines(string audit) =>
        File.Exists(audit)
            ? [.. File.ReadAllText(audit).Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement)]
            : [];

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
}
