using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>What a new user tries first, from the manual.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class ManualTests(SocksSite site)
{
    private const long Length = 8 * TestFile.Mebibyte;

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

    [AccountsFact]
    public async Task Ten_lines_make_the_FTP_login_the_SSH_login() =>
        await DownloadAsync($$"""{ "methods": ["password"], "knownHosts": ["{{site.Ssh.KnownHosts}}"] }""", "Accepted password for alice");

    [AccountsFact]
    public async Task With_a_key_the_FTP_password_goes_to_the_FTP_server_only() =>
        await DownloadAsync(
            $$"""{ "identityFiles": ["{{site.Accounts.KeyOf(SocksSite.Alice)}}"], "methods": ["publickey"], """
            + $$"""
               "knownHosts": ["{{site.Ssh.KnownHosts}}"] }
            """,
            "Accepted publickey for alice");

    private async Task DownloadAsync(string profile, string login)
    {
        await using var proxy = await site.StartAsync($$"""
            {
              // Everything that goes to port 21 is FTP, and goes through SSH to the host that it asks for.
              "socks": {},
              "profiles": {
                "ftp-user": {{profile}},
              },
              "rules": [
                { "ports": ["21"], "action": "ftp-tunnel", "profile": "ftp-user", "hostFromApplication": true, "userFromApplication": true },
              ],
            }
            """);
        var original = await TestFile.CreateAsync(site.Ftp.PathOf("alice/file"), Length);
        var copy = site.ClientFiles.PathOf("file");
        var before = site.Ssh.Log.Lines.Count;

        var outcome = (await site.Client.RunAsync(
            _limit, "curl", "-q", "-sS", "--socks5-hostname", "127.0.0.1:1080", "ftp://alice:secret@server/file", "-o", copy)).Succeeded();

        await TestFile.AssertSameAsync(original, copy, outcome);
        var logins = site.Ssh.Log.Lines.Skip(before).Where(line => line.StartsWith("Accepted ", StringComparison.Ordinal)
            && line.Contains(" from ", StringComparison.Ordinal));
        Assert.StartsWith(login, Assert.Single(logins), StringComparison.Ordinal);
        Assert.DoesNotContain(SocksSite.Alice.Password, proxy.Diagnostics, StringComparison.Ordinal);
    }
}
