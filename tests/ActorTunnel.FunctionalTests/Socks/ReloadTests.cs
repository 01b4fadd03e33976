using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>The configuration file changes while the proxy runs.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class ReloadTests(SocksSite site)
{
    private const string Block = """{ "action": "block" }""";
    private const string Tunnel = """{ "action": "tunnel", "profile": "key" }""";

    [AccountsTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task New_rules_hold_without_a_restart_and_old_connections_go_on(bool isRenamed)
    {
        var file = site.WriteFile("live.json", Text(Tunnel));
        await using var proxy = await ActorTunnelProcess.StartProxyAsync(site.Client, file, SocksSite.Proxy);
        using var ftp = await RawFtp.LoginAsync(site.Socks, SocksSite.InnerServer, SocksSite.LoginOf(SocksSite.Alice));

        if (isRenamed) // as editors do
            File.Move(site.WriteFile("live.new", Text(Block)), file, overwrite: true);
        else
            await File.WriteAllTextAsync(file, Text(Block));

        await Eventually.IsTrueAsync(async () => !await PassesAsync(), "the new rule blocks");
        Assert.StartsWith("257", await ftp.CommandAsync("PWD"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, Text(Tunnel));
        await Eventually.IsTrueAsync(PassesAsync, "the old rule is back");
    }

    [AccountsFact]
    public async Task A_bad_file_is_told_and_the_old_rules_stay()
    {
        var file = site.WriteFile("bad.json", Text(Tunnel));
        await using var proxy = await ActorTunnelProcess.StartProxyAsync(site.Client, file, SocksSite.Proxy);

        await File.WriteAllTextAsync(file, Text("""{ "action": "blok" }"""));

        await proxy.SaysAsync(
            line => line.Contains("bad.json:", StringComparison.Ordinal) && line.Contains("blok", StringComparison.Ordinal), "what is wrong");
        Assert.True(await PassesAsync());
        await File.WriteAllTextAsync(file, Text(Block));
        await Eventually.IsTrueAsync(async () => !await PassesAsync(), "the mended file holds");
    }

    [AccountsFact]
    public async Task SIGHUP_reads_the_file_and_the_proxy_goes_on()
    {
        var file = site.WriteFile("signal.json", Text(Tunnel));
        await using var proxy = await ActorTunnelProcess.StartProxyAsync(site.Client, file, SocksSite.Proxy);
        await File.WriteAllTextAsync(file, Text(Block));

        await proxy.SignalAsync("HUP");

        await Eventually.IsTrueAsync(async () => !await PassesAsync(), "the new rule blocks");
        Assert.False(proxy.HasExited);
    }

    [AccountsFact]
    public async Task An_SSH_connection_that_was_kept_goes_with_its_profile()
    {
        const string Gone = "Received disconnect from";
        var kept = $$"""
            { "socks": {}, "profiles": { "kept": {
                "host": "server", "user": "alice", "identityFiles": ["{{site.Accounts.KeyOf(SocksSite.Alice)}}"],
                "knownHosts": ["{{site.Ssh.KnownHosts}}"], "connectOnStart": true
            } }, "rules": [{{Block}}] }
            """;
        var (logins, ends) = (site.CountLogins(SocksSite.Alice), CountLines(Gone));
        var file = site.WriteFile("kept.json", kept);
        await using var proxy = await ActorTunnelProcess.StartProxyAsync(site.Client, file, SocksSite.Proxy);
        await Eventually.IsTrueAsync(() => site.CountLogins(SocksSite.Alice) > logins, "the connection is made");

        await File.WriteAllTextAsync(file, Text(Block));

        await Eventually.IsTrueAsync(() => CountLines(Gone) > ends, "the connection is given up");
        Assert.False(proxy.HasExited);
        Assert.Equal(logins + 1, site.CountLogins(SocksSite.Alice));
    }

    private int CountLines(string part) => site.Ssh.Log.Lines.Count(line => line.Contains(part, StringComparison.Ordinal));

    private string Text(string rule) => $$"""{ "socks": {}, "profiles": {{site.Profiles}}, "rules": [{{rule}}] }""";

    private async Task<bool> PassesAsync()
    {
        try
        {
            (await site.Socks.ConnectAsync(SocksSite.InnerServer)).Dispose();
            return true;
        }
        catch (SocksRefusedException)
        {
            return false;
        }
    }
}
